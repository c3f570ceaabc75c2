-- one row per voice with words that count: how many, since when they wait, and which kinds of decision rest on them
SELECT
    voice.id,
    voice.shown,
    count(*) AS utterances,
    min(source.received_at) AS since,
    first(utterance.id ORDER BY source.received_at, utterance.conversation_id, utterance.ordinal) AS first_words,
    count(*) FILTER (WHERE decided.answered) > 0 AS answered,
    count(*) FILTER (WHERE decided.acted_on) > 0 AS acted_on,
    count(*) FILTER (WHERE decided.thinking) > 0 AS thought_about
FROM utterance
JOIN voice ON voice.id = utterance.voice_id
JOIN transcript ON transcript.id = utterance.transcript_id
JOIN source ON source.id = transcript.source_id
ANTI JOIN kept_out ON kept_out.utterance_id = utterance.id
LEFT JOIN (
    SELECT
        decision_utterance.utterance_id,
        bool_or(decision.choice <> 'thinking') AS answered,
        bool_or(decision.choice = 'do') AS acted_on,
        bool_or(decision.choice = 'thinking') AS thinking
    FROM decision_utterance JOIN decision ON decision.id = decision_utterance.decision_id
    GROUP BY decision_utterance.utterance_id
) AS decided ON decided.utterance_id = utterance.id
GROUP BY voice.id, voice.shown
ORDER BY since, voice.id
