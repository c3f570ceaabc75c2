-- one row per utterance of this theme now: exemplars first, then the firmest
SELECT
    utterance.id,
    utterance.text,
    voice.id AS voice,
    voice.shown,
    utterance.conversation_id AS conversation,
    conversation.place,
    conversation.held_on,
    fate.strength,
    fate.placed
FROM fate
JOIN utterance ON utterance.id = fate.utterance_id
JOIN voice ON voice.id = utterance.voice_id
JOIN conversation ON conversation.id = utterance.conversation_id
LEFT JOIN exemplar ON exemplar.cluster_id = fate.cluster_id AND exemplar.utterance_id = utterance.id
WHERE fate.fate = 'in_theme' AND fate.theme_id = $theme_id
ORDER BY exemplar.rank NULLS LAST, fate.strength DESC, utterance.id
