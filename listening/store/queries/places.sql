-- one row per place that a conversation was held at
SELECT DISTINCT place FROM conversation WHERE place IS NOT NULL ORDER BY place
