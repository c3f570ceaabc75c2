-- one row: a form that was taken; written together with what the form asked for
INSERT INTO form_taken (key_sha256, taken_at) VALUES ($key_sha256, $now)
