-- one row per utterance asked for that may be shown: its words, who said them, where, in which language, and where it is
SELECT
    utterance.id,
    utterance.text,
    utterance.voice_id AS voice,
    voice.shown,
    utterance.conversation_id AS conversation,
    conversation.place,
    conversation.held_on,
    coalesce(conversation.language, transcript.language) AS language,
    transcript.source_id AS source,
    utterance.start_ms,
    utterance.end_ms,
    fate.fate,
    fate.theme_id AS theme
FROM utterance
JOIN voice ON voice.id = utterance.voice_id
JOIN conversation ON conversation.id = utterance.conversation_id
JOIN transcript ON transcript.id = utterance.transcript_id
JOIN fate ON fate.utterance_id = utterance.id
WHERE utterance.id IN (SELECT unnest($ids)) AND fate.fate NOT IN ('held', 'withdrawn')
