-- removes the session of this cookie, and those whose time is over
DELETE FROM session WHERE token_sha256 = $token_sha256 OR ends_at <= $now
