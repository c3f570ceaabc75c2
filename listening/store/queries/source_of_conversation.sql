-- at most one row: the recording that a conversation was read from
SELECT source.sha256
FROM conversation JOIN source ON source.id = conversation.source_id
WHERE conversation.id = $conversation_id AND source.media = 'recording'
