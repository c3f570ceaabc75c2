-- one row per utterance that may be shown of a conversation or a voice, in the order it was said
SELECT utterance.id
FROM utterance
JOIN conversation ON conversation.id = utterance.conversation_id
LEFT JOIN kept_out ON kept_out.utterance_id = utterance.id
WHERE $id IN (utterance.conversation_id, utterance.voice_id) AND kept_out.what IS NULL
ORDER BY conversation.held_on NULLS LAST, utterance.conversation_id, utterance.ordinal
