-- one row per conversation of these in which nothing was said that stays
SELECT id FROM conversation
WHERE id IN (SELECT unnest($conversations)) AND id NOT IN (
    SELECT conversation_id FROM utterance WHERE id NOT IN (SELECT unnest($ids))
)
