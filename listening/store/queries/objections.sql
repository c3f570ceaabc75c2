-- one row per objection, of one voice or of all, with the latest reply to it; those to withdrawn words are gone with them
SELECT
    objection.id,
    objection.utterance_id,
    objection.said,
    objection.made_at,
    objection.reply_by,
    reply.text AS reply,
    reply.signed AS replied_by,
    reply.text IS NULL AND objection.reply_by < $today AS overdue
FROM objection
JOIN said ON said.id = objection.utterance_id
JOIN fate ON fate.utterance_id = said.id
LEFT JOIN (
    SELECT objection_id, last(text ORDER BY replied_at) AS text, last(signed ORDER BY replied_at) AS signed
    FROM objection_reply
    GROUP BY objection_id
) AS reply ON reply.objection_id = objection.id
WHERE ($voice_id IS NULL OR said.voice_id = $voice_id) AND fate.fate <> 'withdrawn'
ORDER BY objection.made_at, objection.id
