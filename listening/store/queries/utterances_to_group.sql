-- one row per utterance that may be grouped, in a settled order
SELECT
    utterance.id,
    utterance.text,
    utterance.text_sha256,
    utterance.voice_id,
    utterance.conversation_id,
    conversation.language AS stated_language
FROM utterance
JOIN conversation ON conversation.id = utterance.conversation_id
ANTI JOIN kept_out ON kept_out.utterance_id = utterance.id
ORDER BY utterance.text_sha256, utterance.id
