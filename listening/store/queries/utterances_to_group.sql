-- one row per utterance that may be grouped, in a settled order
SELECT
    said.id,
    said.text,
    said.text_sha256,
    said.voice_id,
    said.conversation_id,
    conversation.language AS stated_language
FROM said
JOIN conversation ON conversation.id = said.conversation_id
ANTI JOIN kept_out ON kept_out.utterance_id = said.id
ORDER BY said.text_sha256, said.id
