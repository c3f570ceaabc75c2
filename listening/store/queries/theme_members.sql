-- one row per utterance of this theme now: exemplars first, then the firmest
SELECT
    said.id,
    said.text,
    voice.id AS voice,
    voice.shown,
    said.conversation_id AS conversation,
    conversation.place,
    conversation.held_on,
    fate.strength,
    fate.placed,
    said.corrected_by
FROM fate
JOIN said ON said.id = fate.utterance_id
JOIN voice ON voice.id = said.voice_id
JOIN conversation ON conversation.id = said.conversation_id
LEFT JOIN exemplar ON exemplar.cluster_id = fate.cluster_id AND exemplar.utterance_id = said.id
WHERE fate.fate = 'in_theme' AND fate.theme_id = $theme_id
ORDER BY exemplar.rank NULLS LAST, fate.strength DESC, said.id
