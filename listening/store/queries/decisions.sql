-- one row per decision, newest first; the day to look again is the one that was said last
SELECT
    decision.id,
    decision.choice,
    decision.text,
    decision.because,
    decision.decided_by,
    decision.decided_at,
    coalesce(later.look_again_on, decision.look_again_on) AS look_again_on,
    decision.challenge
FROM decision
LEFT JOIN (
    SELECT decision_id, arg_max(look_again_on, written_at) AS look_again_on
    FROM progress_note
    WHERE look_again_on IS NOT NULL
    GROUP BY decision_id
) AS later ON later.decision_id = decision.id
WHERE $id IS NULL OR decision.id = $id
ORDER BY decision.decided_at DESC, decision.id
