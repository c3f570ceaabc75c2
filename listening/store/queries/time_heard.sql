-- one row: how many milliseconds of recordings there are, by what is to be heard in them
SELECT
    coalesce(sum(read_ms), 0)::BIGINT AS recorded_ms,
    (SELECT coalesce(sum(end_ms - start_ms) FILTER (WHERE what = 'words'), 0)::BIGINT FROM stretch) AS words_ms,
    (SELECT coalesce(sum(end_ms - start_ms) FILTER (WHERE what = 'unheard'), 0)::BIGINT FROM stretch) AS unheard_ms,
    (SELECT coalesce(sum(end_ms - start_ms) FILTER (WHERE what = 'quiet'), 0)::BIGINT FROM stretch) AS quiet_ms
FROM hearing
