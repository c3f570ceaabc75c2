-- at most one row: the link that a code which was not used yet invites to
SELECT link_id FROM invitation WHERE code_hash = $code_hash AND used_at IS NULL
