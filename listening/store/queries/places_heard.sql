-- one row per place in which somebody said something that counts, in small letters
SELECT DISTINCT lower(trim(conversation.place)) AS place
FROM said
JOIN conversation ON conversation.id = said.conversation_id
ANTI JOIN kept_out ON kept_out.utterance_id = said.id
WHERE conversation.place IS NOT NULL
