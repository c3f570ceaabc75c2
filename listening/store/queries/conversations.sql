-- one row per conversation, latest received first: where it took place, and what became of its words
SELECT
    conversation.id,
    conversation.source_id AS source,
    conversation.kind,
    conversation.place,
    conversation.held_on,
    conversation.listener,
    source.media,
    source.received_at,
    count(DISTINCT said.voice_id) AS voices,
    count(said.id) AS utterances,
    count(*) FILTER (WHERE fate.fate = 'in_theme') AS in_themes,
    count(*) FILTER (WHERE fate.fate = 'on_its_own') AS on_their_own,
    count(*) FILTER (WHERE fate.fate = 'waiting') AS waiting,
    count(*) FILTER (WHERE fate.fate = 'held') AS held,
    count(decided.utterance_id) AS in_decisions
FROM conversation
JOIN source ON source.id = conversation.source_id
LEFT JOIN said ON said.conversation_id = conversation.id
LEFT JOIN fate ON fate.utterance_id = said.id
LEFT JOIN (SELECT DISTINCT utterance_id FROM decision_utterance) AS decided ON decided.utterance_id = said.id
GROUP BY ALL
ORDER BY source.received_at DESC, conversation.id
