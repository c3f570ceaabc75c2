-- one row per utterance that may be read inside: its words, its exact place, and where it is now
SELECT
    said.id,
    said.text,
    coalesce(spoken.language, conversation.language, transcript.language) AS language,
    fate.fate,
    CASE WHEN fate.fate = 'in_theme' THEN fate.theme_id END AS theme,
    said.conversation_id AS conversation,
    said.voice_id AS voice,
    transcript.source_id AS source,
    said.start_char,
    said.end_char,
    said.start_ms,
    said.end_ms,
    said.corrected_by
FROM said
JOIN conversation ON conversation.id = said.conversation_id
JOIN transcript ON transcript.id = said.transcript_id
JOIN fate ON fate.utterance_id = said.id
LEFT JOIN (
    SELECT utterance_language.* FROM utterance_language JOIN current_run ON current_run.id = utterance_language.run_id
) AS spoken ON spoken.utterance_id = said.id
WHERE fate.fate NOT IN ('held', 'withdrawn', 'failed')
ORDER BY said.conversation_id, said.ordinal, said.id
