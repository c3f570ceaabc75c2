-- one row per utterance that may be shown of a conversation or a voice, in the order it was said
SELECT said.id
FROM said
JOIN conversation ON conversation.id = said.conversation_id
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
WHERE $id IN (said.conversation_id, said.voice_id) AND kept_out.what IS NULL
ORDER BY conversation.held_on NULLS LAST, said.conversation_id, said.ordinal
