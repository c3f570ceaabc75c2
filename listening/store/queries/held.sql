-- one row per utterance and cause it is held for, longest held first; not those of people who let nobody read their words
WITH latest AS (
    SELECT
        utterance_id,
        cause,
        last(what ORDER BY happened_at, what) AS what,
        last(because ORDER BY happened_at, what) AS because,
        last(signed ORDER BY happened_at, what) AS signed,
        max(happened_at) AS happened_at
    FROM utterance_event
    GROUP BY utterance_id, cause
)
SELECT
    said.id,
    said.text,
    voice.shown,
    conversation.language,
    latest.cause,
    latest.because,
    latest.signed,
    latest.happened_at
FROM latest
JOIN said ON said.id = latest.utterance_id
JOIN voice ON voice.id = said.voice_id
JOIN conversation ON conversation.id = said.conversation_id
JOIN fate ON fate.utterance_id = said.id
ANTI JOIN (SELECT voice_id FROM consent WHERE purpose = 'read' AND NOT given) AS unread
    ON unread.voice_id = said.voice_id
WHERE latest.what = 'held' AND fate.fate = 'held'
ORDER BY latest.happened_at, said.id
