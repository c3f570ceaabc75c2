-- one row per utterance that hangs together with this id: the words, who said them, and where
SELECT
    utterance.id,
    utterance.text,
    voice.id AS voice,
    voice.shown,
    conversation.id AS conversation,
    conversation.place,
    conversation.held_on
FROM utterance
JOIN voice ON voice.id = utterance.voice_id
JOIN conversation ON conversation.id = utterance.conversation_id
WHERE utterance.id IN (
    SELECT utterance_id FROM chain
    WHERE $id IN (decision_id, theme_id, utterance_id, conversation_id, voice_id)
)
ORDER BY utterance.conversation_id, utterance.ordinal
