-- one row per id of these kinds that begins so
SELECT id FROM (
    SELECT id FROM source UNION ALL
    SELECT id FROM conversation UNION ALL
    SELECT id FROM voice UNION ALL
    SELECT id FROM utterance UNION ALL
    SELECT id FROM theme UNION ALL
    SELECT id FROM decision UNION ALL
    SELECT DISTINCT id FROM milestone
)
WHERE starts_with(id, $beginning)
ORDER BY id
LIMIT 2
