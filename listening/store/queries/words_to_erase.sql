-- one row per utterance that is one of these, or was said in one of these conversations or by one of these voices
SELECT
    said.id,
    transcript.source_id,
    said.conversation_id,
    said.start_char,
    said.end_char,
    utterance.text,
    said.text AS text_now
FROM said
JOIN utterance ON utterance.id = said.id
JOIN transcript ON transcript.id = said.transcript_id
WHERE said.id IN (SELECT unnest($ids))
    OR said.conversation_id IN (SELECT unnest($ids))
    OR said.voice_id IN (SELECT unnest($ids))
    OR utterance.voice_id IN (SELECT unnest($ids))
ORDER BY transcript.source_id, said.start_char
