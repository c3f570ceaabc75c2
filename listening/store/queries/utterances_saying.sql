-- one row per utterance that holds these words, whatever their capitals, apostrophes and line breaks
SELECT
    said.id,
    said.text,
    voice.id AS voice,
    voice.shown,
    conversation.id AS conversation,
    conversation.place,
    conversation.held_on,
    said.corrected_by,
    false AS kept_out
FROM said
JOIN voice ON voice.id = said.voice_id
JOIN conversation ON conversation.id = said.conversation_id
ANTI JOIN kept_out ON kept_out.utterance_id = said.id
WHERE contains(
    regexp_replace(replace(lower(nfc_normalize(said.text)), '’', ''''), '\s+', ' ', 'g'),
    regexp_replace(replace(lower(nfc_normalize($words)), '’', ''''), '\s+', ' ', 'g')
)
ORDER BY said.conversation_id, said.ordinal
