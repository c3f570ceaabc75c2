-- one row per speaker of one recording: how long, and who a person said it is; nobody known comes last
SELECT
    speaking.speaker,
    sum(speaking.end_ms - speaking.start_ms)::BIGINT AS spoke_ms,
    any_value(voice.id) AS voice,
    any_value(known.shown) AS known_as,
    arg_max(speaking.start_ms, speaking.end_ms - speaking.start_ms) AS listen_from_ms,
    arg_max(speaking.end_ms, speaking.end_ms - speaking.start_ms) AS listen_to_ms
FROM speaking
JOIN separation ON separation.transcript_id = speaking.transcript_id AND separation.run_id = speaking.run_id
JOIN transcript ON transcript.id = speaking.transcript_id
JOIN conversation ON conversation.source_id = transcript.source_id
LEFT JOIN voice ON voice.people = conversation.id AND voice.handle = speaking.speaker
LEFT JOIN (
    SELECT voice_id, arg_max(is_voice_id, happened_at) AS is_voice_id FROM voice_event GROUP BY voice_id
) AS told ON told.voice_id = voice.id AND told.is_voice_id <> voice.id
LEFT JOIN voice AS known ON known.id = told.is_voice_id
WHERE conversation.id = $conversation_id
GROUP BY speaking.speaker
ORDER BY speaking.speaker = '', spoke_ms DESC, speaking.speaker
