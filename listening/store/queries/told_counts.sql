-- one row per decision: how many of the voices it rests on have been shown it as it stands now
WITH changed AS (
    SELECT decision_id, max(written_at) AS changed_at FROM (
        SELECT id AS decision_id, decided_at AS written_at FROM decision
        UNION ALL SELECT decision_id, written_at FROM owner
        UNION ALL SELECT decision_id, written_at FROM milestone
        UNION ALL SELECT decision_id, written_at FROM progress_note
    )
    GROUP BY decision_id
)
SELECT changed.decision_id, count(DISTINCT told.voice_id)
FROM changed
JOIN told ON told.decision_id = changed.decision_id AND told.as_of >= changed.changed_at
GROUP BY changed.decision_id
