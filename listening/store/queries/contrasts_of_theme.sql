-- one row per pair of utterances of this theme to read side by side, both still in it
SELECT contrast.utterance_id, contrast.against_utterance_id, contrast.ends
FROM contrast
JOIN cluster ON cluster.id = contrast.cluster_id
JOIN current_run ON current_run.id = cluster.run_id
JOIN fate AS one ON one.utterance_id = contrast.utterance_id AND one.theme_id = cluster.theme_id
JOIN fate AS other ON other.utterance_id = contrast.against_utterance_id AND other.theme_id = cluster.theme_id
WHERE cluster.theme_id = $theme_id AND one.fate = 'in_theme' AND other.fate = 'in_theme'
ORDER BY contrast.rank
