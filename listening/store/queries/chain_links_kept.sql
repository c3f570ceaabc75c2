-- one row per link of every chain, between whoever the two voices are known to be
SELECT
    chain_link.id,
    chain_link.chain_id,
    coalesce(one.voice_id, chain_link.initiator_id) AS initiator_id,
    coalesce(other.voice_id, chain_link.other_id) AS other_id
FROM chain_link
LEFT JOIN known_voice AS one ON one.heard_as = chain_link.initiator_id
LEFT JOIN known_voice AS other ON other.heard_as = chain_link.other_id
ORDER BY chain_link.id
