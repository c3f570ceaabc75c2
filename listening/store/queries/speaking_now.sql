-- one row per time in which one speaker of a recording speaks, as last told apart, in order
SELECT speaking.transcript_id, speaking.run_id, speaker, start_ms, end_ms
FROM speaking
JOIN separation ON separation.transcript_id = speaking.transcript_id AND separation.run_id = speaking.run_id
WHERE speaking.transcript_id = $transcript_id
ORDER BY start_ms
