-- at most one row: whoever is signed in with this cookie and still may be
SELECT account.name, account.role, account.password_hash, account.made_at
FROM session JOIN account ON account.name = session.account
WHERE session.token_sha256 = $token_sha256 AND session.ends_at > $now
