-- one row per voice that is one of these, was heard as one of these, or was known in one of these conversations only
SELECT id, people, handle, shown
FROM voice
LEFT JOIN known_voice AS known ON known.heard_as = voice.id
WHERE id IN (SELECT unnest($ids)) OR known.voice_id IN (SELECT unnest($ids)) OR people IN (SELECT unnest($ids))
