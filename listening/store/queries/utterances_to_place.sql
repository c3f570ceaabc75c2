-- one row per utterance that waits, though there are themes to place it among
SELECT
    said.id,
    said.text,
    said.text_sha256,
    said.voice_id,
    said.conversation_id,
    conversation.language AS stated_language
FROM said
JOIN conversation ON conversation.id = said.conversation_id
JOIN fate ON fate.utterance_id = said.id
WHERE fate.fate = 'waiting' AND EXISTS (SELECT 1 FROM current_run)
ORDER BY said.text_sha256, said.id
