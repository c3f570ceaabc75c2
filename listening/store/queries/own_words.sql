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
    CASE WHEN alone.transcript_id IS NOT NULL THEN said.start_ms END AS start_ms,  -- nobody else is to be heard in it
    CASE WHEN alone.transcript_id IS NOT NULL THEN said.end_ms END AS end_ms
FROM said
LEFT JOIN (
    SELECT transcript.id AS transcript_id
    FROM said
    JOIN transcript ON transcript.id = said.transcript_id
    JOIN source ON source.id = transcript.source_id AND source.media = 'recording'
    GROUP BY transcript.id
    HAVING count(DISTINCT said.voice_id) = 1
) AS alone ON alone.transcript_id = said.transcript_id
JOIN conversation ON conversation.id = said.conversation_id
JOIN fate ON fate.utterance_id = said.id
WHERE said.voice_id = $voice_id AND fate.fate <> 'withdrawn'
ORDER BY conversation.held_on NULLS LAST, conversation.id, said.ordinal
