-- one row for each time somebody signed that everybody agreed to this conversation being recorded
SELECT agreement.source_id, wording, signed, agreed_at
FROM agreement JOIN conversation ON conversation.source_id = agreement.source_id
WHERE conversation.id = $conversation_id
