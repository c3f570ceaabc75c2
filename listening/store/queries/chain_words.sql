-- one row per utterance that hangs together with this id: the words, who said them, and where
SELECT
    said.id,
    said.text,
    voice.id AS voice,
    voice.shown,
    conversation.id AS conversation,
    conversation.place,
    conversation.held_on,
    said.corrected_by,
    kept_out.what IS NOT NULL AS kept_out
FROM said
JOIN voice ON voice.id = said.voice_id
JOIN conversation ON conversation.id = said.conversation_id
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
WHERE said.id IN (
    SELECT utterance_id FROM chain
    WHERE $id IN (decision_id, theme_id, utterance_id, conversation_id, voice_id)
)
ORDER BY said.conversation_id, said.ordinal
