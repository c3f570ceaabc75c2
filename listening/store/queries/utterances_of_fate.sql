-- one row per utterance that is there now, in the order of its conversation
SELECT utterance.id
FROM fate JOIN utterance ON utterance.id = fate.utterance_id
WHERE fate.fate = $fate
ORDER BY utterance.conversation_id, utterance.ordinal
