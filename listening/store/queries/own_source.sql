-- at most one row: the source of this utterance, if this voice said it and all else that was said in it
SELECT transcript.source_id
FROM said
JOIN transcript ON transcript.id = said.transcript_id
WHERE said.id = $utterance_id
    AND said.voice_id = $voice_id
    AND NOT EXISTS (
        SELECT 1 FROM said AS other
        WHERE other.transcript_id = said.transcript_id AND other.voice_id <> $voice_id
    )
