-- one row per voice, conversation, utterance or source with one of these ids
SELECT id FROM (
    SELECT id FROM source UNION ALL SELECT id FROM conversation UNION ALL
    SELECT id FROM voice UNION ALL SELECT id FROM utterance
)
WHERE id IN (SELECT unnest($ids))
