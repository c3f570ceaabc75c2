-- one row per utterance that everybody may read, since whoever said it said yes to that: its theme, if it is in one
SELECT utterance.id, utterance.text, coalesce(conversation.language, transcript.language) AS language, fate.theme_id
FROM utterance
JOIN conversation ON conversation.id = utterance.conversation_id
JOIN transcript ON transcript.id = utterance.transcript_id
JOIN fate ON fate.utterance_id = utterance.id
JOIN consent ON consent.voice_id = utterance.voice_id AND consent.purpose = 'quote' AND consent.given
LEFT JOIN exemplar ON exemplar.cluster_id = fate.cluster_id AND exemplar.utterance_id = utterance.id
WHERE fate.fate IN ('in_theme', 'on_its_own')
ORDER BY exemplar.rank NULLS LAST, fate.strength DESC, utterance.id
