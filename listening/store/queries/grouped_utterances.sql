-- one row per utterance that the latest synthesis put in a theme and that is still there, with its cluster
SELECT
    statement.*,
    fate.cluster_id
FROM statement
JOIN fate ON fate.utterance_id = statement.id
WHERE fate.fate = 'in_theme' AND NOT fate.placed
ORDER BY statement.text_sha256, statement.id
