-- at most one row: the latest synthesis, with what came of it
SELECT
    current_run.id,
    current_run.inputs_sha256,
    (SELECT count(*) FROM cluster WHERE run_id = current_run.id) AS themes,
    (SELECT count(*) FROM on_its_own WHERE run_id = current_run.id) AS on_their_own,
    (
        SELECT count(*) FROM membership JOIN cluster ON cluster.id = membership.cluster_id
        WHERE cluster.run_id = current_run.id
    ) AS in_themes
FROM current_run
