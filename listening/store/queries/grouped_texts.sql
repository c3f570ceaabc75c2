-- one row per utterance that is in a theme now: the hash of its words, and its cluster
SELECT utterance.text_sha256, fate.cluster_id
FROM fate JOIN utterance ON utterance.id = fate.utterance_id
WHERE fate.fate = 'in_theme' AND NOT fate.placed
ORDER BY utterance.text_sha256, fate.cluster_id
