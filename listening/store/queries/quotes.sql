-- one row per utterance asked for that may be shown: its words, who said them, where, in which language, and where it is
SELECT
    said.id,
    said.text,
    said.voice_id AS voice,
    voice.shown,
    said.conversation_id AS conversation,
    conversation.place,
    conversation.held_on,
    coalesce(spoken.language, conversation.language, transcript.language) AS language,
    transcript.source_id AS source,
    said.start_ms,
    said.end_ms,
    fate.fate,
    fate.theme_id AS theme,
    said.corrected_by
FROM said
JOIN voice ON voice.id = said.voice_id
JOIN conversation ON conversation.id = said.conversation_id
JOIN transcript ON transcript.id = said.transcript_id
JOIN fate ON fate.utterance_id = said.id
LEFT JOIN (
    SELECT utterance_language.* FROM utterance_language JOIN current_run ON current_run.id = utterance_language.run_id
) AS spoken ON spoken.utterance_id = said.id
WHERE said.id IN (SELECT unnest($ids)) AND fate.fate NOT IN ('held', 'withdrawn')
