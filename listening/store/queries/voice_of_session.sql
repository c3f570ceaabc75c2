-- at most one row: the voice that came back in this browser, while a code of it still works
SELECT own_session.voice_id
FROM own_session
SEMI JOIN receipt ON receipt.voice_id = own_session.voice_id AND receipt.revoked_at IS NULL
WHERE own_session.token_sha256 = $token_sha256 AND own_session.ends_at > $now
