-- at most one row: the voice that a code which still works belongs to, if any of its words are left;
-- or the voice of somebody in a food conversation chain who has said nothing yet
SELECT coalesce(known.voice_id, receipt.voice_id) AS voice_id
FROM receipt LEFT JOIN known_voice AS known ON known.heard_as = receipt.voice_id
WHERE receipt.code_hash = $code_hash
    AND receipt.revoked_at IS NULL
    AND (
        EXISTS (
            SELECT 1 FROM said JOIN fate ON fate.utterance_id = said.id
            WHERE said.voice_id = coalesce(known.voice_id, receipt.voice_id) AND fate.fate <> 'withdrawn'
        )
        OR (
            NOT EXISTS (SELECT 1 FROM said WHERE said.voice_id = coalesce(known.voice_id, receipt.voice_id))
            AND receipt.voice_id IN (SELECT starter_id FROM food_chain UNION ALL SELECT other_id FROM chain_link)
        )
    )
