-- removes the session of this cookie, and those whose time is over
DELETE FROM own_session WHERE token_sha256 = $token_sha256 OR ends_at <= $now
