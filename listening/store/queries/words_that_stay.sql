-- one row per utterance of these sources that is not one of those that go
SELECT
    utterance.id,
    transcript.source_id,
    utterance.start_char,
    utterance.end_char,
    utterance.start_ms,
    utterance.end_ms
FROM utterance JOIN transcript ON transcript.id = utterance.transcript_id
WHERE transcript.source_id IN (SELECT unnest($sources)) AND utterance.id NOT IN (SELECT unnest($ids))
ORDER BY transcript.source_id, utterance.start_char
