-- one row per key phrase of the themes as they are now, as it stands in the words
SELECT cluster.theme_id, utterance.text[phrase.start_char + 1 : phrase.end_char] AS words
FROM phrase
JOIN cluster ON cluster.id = phrase.cluster_id
JOIN current_run ON current_run.id = cluster.run_id
JOIN utterance ON utterance.id = phrase.utterance_id
JOIN fate ON fate.utterance_id = utterance.id AND fate.fate = 'in_theme'
ORDER BY cluster.theme_id, phrase.rank
