-- one row per utterance of these conversations that may be shown, in the order it was said
SELECT
    said.id,
    said.text,
    coalesce(conversation.language, transcript.language) AS language,
    CASE WHEN fate.fate = 'in_theme' THEN fate.theme_id END AS theme,
    coalesce(consent.given, false) AS quotable,
    offer.signed IS NOT NULL AS offered
FROM said
JOIN conversation ON conversation.id = said.conversation_id
JOIN transcript ON transcript.id = said.transcript_id
JOIN fate ON fate.utterance_id = said.id
LEFT JOIN consent ON consent.voice_id = said.voice_id AND consent.purpose = 'quote'
LEFT JOIN offer ON offer.utterance_id = said.id
WHERE list_contains($conversations, said.conversation_id) AND fate.fate NOT IN ('held', 'withdrawn', 'failed')
ORDER BY conversation.held_on NULLS LAST, conversation.link NULLS LAST, conversation.id, said.ordinal
