-- one row per utterance of this voice that is not withdrawn, in the order it was said
SELECT
    utterance.id,
    utterance.text,
    conversation.language,
    conversation.id AS conversation,
    conversation.place,
    conversation.held_on,
    fate.fate,
    CASE WHEN fate.fate = 'in_theme' THEN fate.theme_id END AS theme,
    utterance.start_ms,
    utterance.end_ms
FROM utterance
JOIN conversation ON conversation.id = utterance.conversation_id
JOIN fate ON fate.utterance_id = utterance.id
WHERE utterance.voice_id = $voice_id AND fate.fate <> 'withdrawn'
ORDER BY conversation.held_on NULLS LAST, conversation.id, utterance.ordinal
