-- removes what this person answered to these questions (with none named, to any), under whatever voice it was noted
DELETE FROM about_answer
WHERE
    ($questions IS NULL OR list_contains($questions, question))
    AND (voice_id = $voice_id OR voice_id IN (SELECT heard_as FROM known_voice WHERE known_voice.voice_id = $voice_id))
