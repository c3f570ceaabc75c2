-- one row per utterance of this recording: when it was said, and as which of its voices it was heard last
SELECT
    utterance.id,
    utterance.start_ms,
    utterance.end_ms,
    coalesce(arg_max(told_again.voice_id, told_again.happened_at), utterance.voice_id) AS voice_id
FROM utterance
LEFT JOIN told_again ON told_again.utterance_id = utterance.id
WHERE utterance.transcript_id = $transcript_id AND utterance.start_ms IS NOT NULL
GROUP BY utterance.id, utterance.start_ms, utterance.end_ms, utterance.voice_id, utterance.ordinal
ORDER BY utterance.ordinal
