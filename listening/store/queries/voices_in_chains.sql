-- one row per voice of these that has a place in a food conversation chain
SELECT id FROM voice
WHERE id IN (SELECT unnest($ids))
    AND id IN (
        SELECT starter_id FROM food_chain UNION ALL
        SELECT initiator_id FROM chain_link UNION ALL
        SELECT other_id FROM chain_link
    )
