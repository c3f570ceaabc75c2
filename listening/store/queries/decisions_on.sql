-- one row per decision and utterance or theme that it rests on; a theme counts as it stood when it was cited
SELECT decision_utterance.decision_id, decision_utterance.utterance_id AS rests_on
FROM decision_utterance ANTI JOIN kept_out ON kept_out.utterance_id = decision_utterance.utterance_id
UNION
SELECT citation.decision_id, cluster.theme_id
FROM citation JOIN cluster ON cluster.id = citation.cluster_id
ORDER BY 1, 2
