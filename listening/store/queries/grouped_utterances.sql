-- one row per utterance that the latest synthesis put in a theme and that is still there, with its cluster
SELECT
    utterance.id,
    utterance.text,
    utterance.text_sha256,
    utterance.voice_id,
    utterance.conversation_id,
    conversation.language AS stated_language,
    fate.cluster_id
FROM utterance
JOIN conversation ON conversation.id = utterance.conversation_id
JOIN fate ON fate.utterance_id = utterance.id
WHERE fate.fate = 'in_theme' AND NOT fate.placed
ORDER BY utterance.text_sha256, utterance.id
