-- one row per voice among these: what to call it; none of whoever took all of their words out is named
SELECT
    voice.id,
    CASE WHEN gone.voice_id IS NULL THEN voice.shown ELSE 'someone who took their words out' END AS shown
FROM voice
LEFT JOIN (
    SELECT said.voice_id
    FROM said LEFT JOIN kept_out ON kept_out.utterance_id = said.id
    GROUP BY said.voice_id
    HAVING bool_and(coalesce(kept_out.what = 'withdrawn', false))
) AS gone ON gone.voice_id = voice.id
WHERE list_contains($ids, voice.id)
