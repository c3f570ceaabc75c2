-- one row per choice that this voice made, under whatever voice it was heard as, oldest first
SELECT event.voice_id, purpose, given, wording, signed, happened_at
FROM consent_event AS event LEFT JOIN known_voice AS known ON known.heard_as = event.voice_id
WHERE coalesce(known.voice_id, event.voice_id) = $voice_id
ORDER BY happened_at
