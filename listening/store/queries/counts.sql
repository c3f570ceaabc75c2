-- one row: how much of each thing there is
SELECT
    (SELECT count(*) FROM source) AS sources,
    (SELECT count(*) FROM source ANTI JOIN transcript ON transcript.source_id = source.id) AS sources_to_read,
    (SELECT count(*) FROM conversation) AS conversations,
    (SELECT count(*) FROM voice) AS voices,
    (SELECT count(*) FROM utterance) AS utterances,
    (SELECT count(*) FROM fate WHERE fate = 'waiting') AS waiting,
    (SELECT count(DISTINCT theme_id) FROM fate WHERE fate = 'in_theme') AS themes,
    (SELECT count(*) FROM decision) AS decisions,
    (SELECT count(*) FROM failure) AS failures
