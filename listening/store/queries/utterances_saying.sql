-- one row per utterance that holds these words, whatever their capitals, apostrophes and line breaks
SELECT
    utterance.id,
    utterance.text,
    voice.id AS voice,
    voice.shown,
    conversation.id AS conversation,
    conversation.place,
    conversation.held_on
FROM utterance
JOIN voice ON voice.id = utterance.voice_id
JOIN conversation ON conversation.id = utterance.conversation_id
ANTI JOIN kept_out ON kept_out.utterance_id = utterance.id
WHERE contains(
    regexp_replace(replace(lower(nfc_normalize(utterance.text)), '’', ''''), '\s+', ' ', 'g'),
    regexp_replace(replace(lower(nfc_normalize($words)), '’', ''''), '\s+', ' ', 'g')
)
ORDER BY utterance.conversation_id, utterance.ordinal
