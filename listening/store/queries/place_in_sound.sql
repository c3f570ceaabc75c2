-- at most one row: the recording that an utterance comes from, and when it was said in it
SELECT source.sha256, utterance.start_ms, utterance.end_ms
FROM utterance
JOIN transcript ON transcript.id = utterance.transcript_id
JOIN source ON source.id = transcript.source_id
WHERE utterance.id = $id AND source.media = 'recording'
