-- one row per place, guide and chain of conversations: how many people were heard there, and how many of them are in it
WITH heard AS (
    SELECT
        said.voice_id,
        conversation.place,
        coalesce(conversation.guide, conversation.kind) AS guide,
        conversation.chain,
        fate.fate = 'in_theme' AND fate.theme_id = $theme_id AS within
    FROM said
    JOIN conversation ON conversation.id = said.conversation_id
    JOIN fate ON fate.utterance_id = said.id
    WHERE fate.fate NOT IN ('held', 'withdrawn', 'failed')
)
SELECT kind, name, count(DISTINCT voice_id) AS heard, count(DISTINCT voice_id) FILTER (WHERE within) AS within
FROM (
    SELECT voice_id, within, 'place' AS kind, place AS name FROM heard
    UNION ALL SELECT voice_id, within, 'guide', guide FROM heard
    UNION ALL SELECT voice_id, within, 'chain', chain FROM heard
)
WHERE name IS NOT NULL
GROUP BY kind, name
ORDER BY kind DESC, heard DESC, name
