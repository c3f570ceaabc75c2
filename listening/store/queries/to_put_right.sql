-- one row per utterance of a recorded conversation that may be listened to, those in doubt first, then as they were said
SELECT
    said.id,
    said.text,
    voice.shown,
    coalesce(conversation.language, transcript.language) AS language,
    said.start_ms,
    said.end_ms,
    CASE WHEN said.corrected_by IS NULL THEN NULL ELSE utterance.text END AS heard,
    said.corrected_by,
    only_doubted.utterance_id IS NOT NULL AS doubtful
FROM said
JOIN utterance ON utterance.id = said.id
JOIN voice ON voice.id = said.voice_id
JOIN conversation ON conversation.id = said.conversation_id
JOIN transcript ON transcript.id = said.transcript_id
JOIN source ON source.id = transcript.source_id AND source.media = 'recording'
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
LEFT JOIN only_doubted ON only_doubted.utterance_id = said.id
WHERE said.conversation_id = $conversation_id AND (kept_out.what IS NULL OR only_doubted.utterance_id IS NOT NULL)
ORDER BY doubtful DESC, said.start_ms, said.ordinal
