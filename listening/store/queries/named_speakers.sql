-- one row per speaker of this conversation's recording whom a person named: its label, and who it is known to be
SELECT heard.handle, known.shown
FROM voice AS heard
JOIN known_voice ON known_voice.heard_as = heard.id AND known_voice.voice_id <> heard.id
JOIN voice AS known ON known.id = known_voice.voice_id
WHERE heard.people = $conversation_id
ORDER BY heard.handle
