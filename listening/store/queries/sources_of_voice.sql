-- one row per file in which this voice says something: its kind and when it was received
SELECT media, received_at FROM (
    SELECT DISTINCT source.id, source.media, source.received_at
    FROM said
    JOIN transcript ON transcript.id = said.transcript_id
    JOIN source ON source.id = transcript.source_id
    WHERE said.voice_id = $voice_id
)
ORDER BY received_at, media
