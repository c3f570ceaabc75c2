-- one row per utterance that the latest synthesis put in a theme and that is still there, with its cluster
SELECT
    said.id,
    said.text,
    said.text_sha256,
    said.voice_id,
    said.conversation_id,
    conversation.language AS stated_language,
    fate.cluster_id
FROM said
JOIN conversation ON conversation.id = said.conversation_id
JOIN fate ON fate.utterance_id = said.id
WHERE fate.fate = 'in_theme' AND NOT fate.placed
ORDER BY said.text_sha256, said.id
