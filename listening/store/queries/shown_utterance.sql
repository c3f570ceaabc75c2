-- at most one row: an utterance with its place in its source, its words as heard and put right, and where it is now
SELECT
    said.id,
    said.text,
    source.id AS source,
    source.sha256 AS source_sha256,
    CASE WHEN source.media = 'recording' THEN said.start_ms ELSE said.start_char END AS start,
    CASE WHEN source.media = 'recording' THEN said.end_ms ELSE said.end_char END AS stop,
    CASE WHEN source.media = 'recording' THEN 'ms' ELSE 'char' END AS unit,
    said.conversation_id AS conversation,
    said.voice_id AS voice,
    fate.fate,
    kept_out.because,
    CASE WHEN said.corrected_by IS NULL THEN NULL ELSE utterance.text END AS heard,
    said.corrected_by
FROM said
JOIN utterance ON utterance.id = said.id
JOIN transcript ON transcript.id = said.transcript_id
JOIN source ON source.id = transcript.source_id
JOIN fate ON fate.utterance_id = said.id
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
WHERE said.id = $id AND fate.fate <> 'withdrawn'
