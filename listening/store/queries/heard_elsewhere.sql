-- at most one row: an utterance of a transcript that another program wrote by ear, where it was held in doubt
SELECT source.name, utterance.start_ms
FROM utterance
JOIN transcript ON transcript.id = utterance.transcript_id
JOIN source ON source.id = transcript.source_id
WHERE utterance.id = $id AND source.media = 'transcript' AND EXISTS (
    SELECT 1 FROM utterance_event WHERE utterance_event.utterance_id = utterance.id AND utterance_event.cause = 'doubt'
)
