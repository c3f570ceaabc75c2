-- at most one row: the voice that came back in this browser, while a code of it still works
SELECT coalesce(known.voice_id, own_session.voice_id) AS voice_id
FROM own_session
LEFT JOIN known_voice AS known ON known.heard_as = own_session.voice_id
WHERE EXISTS (
    SELECT 1 FROM receipt
    LEFT JOIN known_voice AS knew ON knew.heard_as = receipt.voice_id
    WHERE receipt.revoked_at IS NULL
        AND coalesce(knew.voice_id, receipt.voice_id) = coalesce(known.voice_id, own_session.voice_id)
)
AND own_session.token_sha256 = $token_sha256 AND own_session.ends_at > $now
