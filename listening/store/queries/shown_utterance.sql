-- at most one row: an utterance with its place in its source and where it is now
SELECT
    utterance.id,
    utterance.text,
    source.id AS source,
    source.sha256 AS source_sha256,
    CASE WHEN source.media = 'recording' THEN utterance.start_ms ELSE utterance.start_char END AS start,
    CASE WHEN source.media = 'recording' THEN utterance.end_ms ELSE utterance.end_char END AS stop,
    CASE WHEN source.media = 'recording' THEN 'ms' ELSE 'char' END AS unit,
    utterance.conversation_id AS conversation,
    utterance.voice_id AS voice,
    fate.fate
FROM utterance
JOIN transcript ON transcript.id = utterance.transcript_id
JOIN source ON source.id = transcript.source_id
JOIN fate ON fate.utterance_id = utterance.id
WHERE utterance.id = $id AND fate.fate <> 'withdrawn'
