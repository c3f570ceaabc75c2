-- one row per conversation that says which chain it belongs to: when and where it was, and who spoke, in this order
WITH spoke AS (
    SELECT conversation_id, voice_id, min(ordinal) AS first FROM said GROUP BY conversation_id, voice_id
)
SELECT
    conversation.id,
    conversation.source_id,
    conversation.chain,
    conversation.link,
    coalesce(conversation.held_on::TIMESTAMPTZ, source.received_at) AS happened_at,
    conversation.place,
    list(spoke.voice_id ORDER BY spoke.first) AS voices
FROM conversation
JOIN source ON source.id = conversation.source_id
JOIN spoke ON spoke.conversation_id = conversation.id
WHERE conversation.chain IS NOT NULL
GROUP BY ALL
ORDER BY conversation.chain, conversation.link NULLS LAST, happened_at, conversation.id
