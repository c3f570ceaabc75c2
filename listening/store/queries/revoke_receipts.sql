-- stops every code of one voice that still works, under whatever voice it was heard as
UPDATE receipt SET revoked_at = $now
WHERE revoked_at IS NULL
    AND (voice_id = $voice_id OR voice_id IN (SELECT heard_as FROM known_voice WHERE voice_id = $voice_id))
