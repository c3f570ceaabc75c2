-- one row per key phrase of the themes as they are now, as it stands in words that nobody put right since
SELECT cluster.theme_id, said.text[phrase.start_char + 1 : phrase.end_char] AS words
FROM phrase
JOIN cluster ON cluster.id = phrase.cluster_id
JOIN current_run ON current_run.id = cluster.run_id
JOIN said ON said.id = phrase.utterance_id
JOIN fate ON fate.utterance_id = said.id AND fate.fate = 'in_theme'
ANTI JOIN (
    SELECT correction.utterance_id FROM correction JOIN current_run ON correction.happened_at > current_run.started_at
) AS since ON since.utterance_id = phrase.utterance_id
ORDER BY cluster.theme_id, phrase.rank
