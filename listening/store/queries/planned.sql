-- one row per planned conversation, and what became of it, in the order of the days they are planned for
SELECT
    planned_conversation.id,
    planned_conversation.asked_first,
    planned_conversation.with_whom,
    planned_conversation.planned_for,
    coalesce(latest.what, 'planned') AS state
FROM planned_conversation
LEFT JOIN (
    SELECT planned_id, arg_max(what, happened_at) AS what FROM planned_event GROUP BY planned_id
) AS latest ON latest.planned_id = planned_conversation.id
ORDER BY planned_conversation.planned_for NULLS LAST, planned_conversation.planned_at, planned_conversation.id
