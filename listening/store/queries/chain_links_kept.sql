-- one row per link of every chain
SELECT id, chain_id, initiator_id, other_id FROM chain_link ORDER BY id
