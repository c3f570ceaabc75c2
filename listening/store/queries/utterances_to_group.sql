-- one row per utterance that may be grouped, in a settled order
SELECT statement.*
FROM statement
ANTI JOIN kept_out ON kept_out.utterance_id = statement.id
ORDER BY statement.text_sha256, statement.id
