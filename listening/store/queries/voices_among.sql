-- one row per voice that is this one, or that said something in this conversation and did not withdraw it
SELECT DISTINCT said.voice_id
FROM said
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
WHERE (said.voice_id = $id OR said.conversation_id = $id) AND kept_out.what IS DISTINCT FROM 'withdrawn'
ORDER BY said.voice_id
