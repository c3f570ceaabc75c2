-- one row per utterance that waits, though there are themes to place it among
SELECT statement.*
FROM statement
JOIN fate ON fate.utterance_id = statement.id
WHERE fate.fate = 'waiting' AND EXISTS (SELECT 1 FROM current_run)
ORDER BY statement.text_sha256, statement.id
