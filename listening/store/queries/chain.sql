-- one row: all that hangs together with one decision, theme, utterance, conversation or voice
SELECT
    coalesce(list(DISTINCT decision_id ORDER BY decision_id) FILTER (WHERE decision_id IS NOT NULL), []) AS decisions,
    coalesce(list(DISTINCT theme_id ORDER BY theme_id) FILTER (WHERE theme_id IS NOT NULL), []) AS themes,
    coalesce(list(DISTINCT utterance_id ORDER BY utterance_id), []) AS utterances,
    coalesce(list(DISTINCT conversation_id ORDER BY conversation_id), []) AS conversations,
    coalesce(list(DISTINCT voice_id ORDER BY voice_id), []) AS voices
FROM chain
WHERE $id IN (decision_id, theme_id, utterance_id, conversation_id, voice_id)
