-- at most one row: a form that was taken
SELECT key_sha256 FROM form_taken WHERE key_sha256 = $key_sha256
