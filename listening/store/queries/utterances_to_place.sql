-- one row per utterance that waits, though there are themes to place it among
SELECT
    utterance.id,
    utterance.text,
    utterance.text_sha256,
    utterance.voice_id,
    utterance.conversation_id,
    conversation.language AS stated_language
FROM utterance
JOIN conversation ON conversation.id = utterance.conversation_id
JOIN fate ON fate.utterance_id = utterance.id
WHERE fate.fate = 'waiting' AND EXISTS (SELECT 1 FROM current_run)
ORDER BY utterance.text_sha256, utterance.id
