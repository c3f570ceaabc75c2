-- one row per utterance of this voice that is not withdrawn, in the order it was said
SELECT
    said.id,
    said.text,
    conversation.language,
    conversation.id AS conversation,
    conversation.place,
    conversation.held_on,
    fate.fate,
    CASE WHEN fate.fate = 'in_theme' THEN fate.theme_id END AS theme,
    said.start_ms,
    said.end_ms
FROM said
JOIN conversation ON conversation.id = said.conversation_id
JOIN fate ON fate.utterance_id = said.id
WHERE said.voice_id = $voice_id AND fate.fate <> 'withdrawn'
ORDER BY conversation.held_on NULLS LAST, conversation.id, said.ordinal
