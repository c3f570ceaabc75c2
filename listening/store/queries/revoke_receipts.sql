-- one row: every code of this voice that still works stops, under whatever voice it was heard as
UPDATE receipt SET revoked_at = $now
WHERE revoked_at IS NULL
    AND (voice_id = $voice_id OR voice_id IN (SELECT heard_as FROM known_voice WHERE voice_id = $voice_id))
