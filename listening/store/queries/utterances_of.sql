-- one row per utterance that is this one, or was said in this conversation or by this voice
SELECT id FROM said WHERE $id IN (id, conversation_id, voice_id) ORDER BY id
