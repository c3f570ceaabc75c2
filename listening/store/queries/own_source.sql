-- at most one row: the source of this utterance, if this voice said it
SELECT transcript.source_id
FROM utterance
JOIN transcript ON transcript.id = utterance.transcript_id
WHERE utterance.id = $utterance_id AND utterance.voice_id = $voice_id
