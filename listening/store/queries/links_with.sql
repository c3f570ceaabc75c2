-- one row per link of a food conversation chain that one of these voices has a part in
SELECT id FROM chain_link WHERE initiator_id IN (SELECT unnest($voices)) OR other_id IN (SELECT unnest($voices))
