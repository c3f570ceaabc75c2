-- at most one row: the inquiry as it was written down last
SELECT question, area, starts_on, ends_on, use_most, reached_poorly, asks, signed, written_at
FROM inquiry
ORDER BY written_at DESC
LIMIT 1
