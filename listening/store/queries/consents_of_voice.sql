-- one row per choice that this voice made, oldest first
SELECT voice_id, purpose, given, wording, signed, happened_at
FROM consent_event
WHERE voice_id = $voice_id
ORDER BY happened_at
