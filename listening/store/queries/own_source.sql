-- at most one row: the source of this utterance, if this voice said it
SELECT transcript.source_id
FROM said
JOIN transcript ON transcript.id = said.transcript_id
WHERE said.id = $utterance_id AND said.voice_id = $voice_id
