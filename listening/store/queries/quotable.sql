-- one row per utterance that everybody may read, since whoever said it said yes to that: its theme, if it is in one
SELECT said.id, said.text, coalesce(conversation.language, transcript.language) AS language, fate.theme_id
FROM said
JOIN conversation ON conversation.id = said.conversation_id
JOIN transcript ON transcript.id = said.transcript_id
JOIN fate ON fate.utterance_id = said.id
JOIN consent ON consent.voice_id = said.voice_id AND consent.purpose = 'quote' AND consent.given
LEFT JOIN exemplar ON exemplar.cluster_id = fate.cluster_id AND exemplar.utterance_id = said.id
WHERE fate.fate IN ('in_theme', 'on_its_own')
ORDER BY exemplar.rank NULLS LAST, fate.strength DESC, said.id
