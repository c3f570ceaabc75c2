-- one row per voice with words that count: how many, since when they wait, and which kinds of decision rest on them
SELECT
    voice.id,
    voice.shown,
    count(*) AS utterances,
    min(source.received_at) AS since,
    first(said.id ORDER BY source.received_at, said.conversation_id, said.ordinal) AS first_words,
    count(*) FILTER (WHERE decided.answered) > 0 AS answered,
    count(*) FILTER (WHERE decided.acted_on) > 0 AS acted_on,
    count(*) FILTER (WHERE decided.thinking) > 0 AS thought_about
FROM said
JOIN voice ON voice.id = said.voice_id
JOIN transcript ON transcript.id = said.transcript_id
JOIN source ON source.id = transcript.source_id
ANTI JOIN kept_out ON kept_out.utterance_id = said.id
LEFT JOIN (
    SELECT
        decision_utterance.utterance_id,
        bool_or(decision.choice <> 'thinking') AS answered,
        bool_or(decision.choice = 'do') AS acted_on,
        bool_or(decision.choice = 'thinking') AS thinking
    FROM decision_utterance JOIN decision ON decision.id = decision_utterance.decision_id
    GROUP BY decision_utterance.utterance_id
) AS decided ON decided.utterance_id = said.id
GROUP BY voice.id, voice.shown
ORDER BY since, voice.id
