-- one row per utterance that is this one, or was said in this conversation or by this voice, and is not withdrawn
SELECT said.id
FROM said LEFT JOIN kept_out ON kept_out.utterance_id = said.id
WHERE $id IN (said.id, said.conversation_id, said.voice_id) AND kept_out.what IS DISTINCT FROM 'withdrawn'
ORDER BY said.id
