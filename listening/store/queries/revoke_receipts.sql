-- stops every code of one voice that still works
UPDATE receipt SET revoked_at = $now WHERE voice_id = $voice_id AND revoked_at IS NULL
