-- Themes over time: what each run made of the themes before it, words that are placed between two full runs, where
-- people differ, how sure a theme is, and titles that people give.

-- The stages are those of domain.Stage. A check that names them would have to be built anew with each new one.
CREATE TABLE run_unchecked (
    id VARCHAR PRIMARY KEY,
    stage VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    weights_sha256 VARCHAR,
    parameters VARCHAR NOT NULL,
    seed BIGINT,
    code_version VARCHAR NOT NULL,
    inputs_sha256 VARCHAR,
    started_at TIMESTAMPTZ NOT NULL
);
INSERT INTO run_unchecked SELECT * FROM run;
DROP TABLE run;
ALTER TABLE run_unchecked RENAME TO run;

-- how often the cluster came out again when a tenth of the conversations was left out, 0 to 1
ALTER TABLE cluster ADD COLUMN survival DOUBLE;

-- one row per utterance that was placed among the clusters of a synthesis that did not know it
CREATE TABLE placement (
    based_on_run_id VARCHAR NOT NULL,
    utterance_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    cluster_id VARCHAR,
    strength DOUBLE NOT NULL,
    nearest_cluster_id VARCHAR,
    nearness DOUBLE,
    PRIMARY KEY (based_on_run_id, utterance_id)
);

-- one row per pair of utterances of a cluster to read side by side
CREATE TABLE contrast (
    cluster_id VARCHAR NOT NULL,
    rank INTEGER NOT NULL,
    utterance_id VARCHAR NOT NULL,
    against_utterance_id VARCHAR NOT NULL,
    ends BOOLEAN NOT NULL
);

-- one row per run and pair of themes that utterances known before went from and to; no theme is on its own
CREATE TABLE move (
    run_id VARCHAR NOT NULL,
    from_theme_id VARCHAR,
    to_theme_id VARCHAR,
    utterances INTEGER NOT NULL
);

-- one row per title that a person gave a theme, or took away (no text); the latest counts
CREATE TABLE title (
    theme_id VARCHAR NOT NULL,
    text VARCHAR,
    signed VARCHAR NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);

-- one row per utterance that the latest synthesis grouped, left on its own, or that was placed since
CREATE VIEW standing AS
SELECT
    membership.utterance_id,
    membership.cluster_id,
    membership.strength,
    NULL::VARCHAR AS nearest_cluster_id,
    NULL::DOUBLE AS nearness,
    false AS placed
FROM membership
JOIN cluster ON cluster.id = membership.cluster_id
JOIN current_run ON current_run.id = cluster.run_id
UNION ALL
SELECT on_its_own.utterance_id, NULL, NULL, on_its_own.nearest_cluster_id, on_its_own.nearness, false
FROM on_its_own JOIN current_run ON current_run.id = on_its_own.run_id
UNION ALL
SELECT
    placement.utterance_id,
    placement.cluster_id,
    placement.strength,
    CASE WHEN placement.cluster_id IS NULL THEN placement.nearest_cluster_id END,
    CASE WHEN placement.cluster_id IS NULL THEN placement.nearness END,
    true
FROM placement JOIN current_run ON current_run.id = placement.based_on_run_id;

-- one row per utterance: where it is now. Two rows for one utterance would be a fault: the ledger shows it.
CREATE OR REPLACE VIEW fate AS
SELECT
    utterance.id AS utterance_id,
    CASE
        WHEN kept_out.what IS NOT NULL THEN kept_out.what
        WHEN standing.cluster_id IS NOT NULL THEN 'in_theme'
        WHEN standing.utterance_id IS NOT NULL THEN 'on_its_own'
        ELSE 'waiting'
    END AS fate,
    standing.cluster_id,
    cluster.theme_id,
    standing.strength,
    standing.nearest_cluster_id,
    standing.nearness,
    coalesce(standing.placed, false) AS placed
FROM utterance
LEFT JOIN kept_out ON kept_out.utterance_id = utterance.id
LEFT JOIN standing ON standing.utterance_id = utterance.id
LEFT JOIN cluster ON cluster.id = standing.cluster_id;

-- at most one row per theme: the title that a person gave it last, unless it was taken away
CREATE VIEW current_title AS
SELECT theme_id, title.text, signed, written_at
FROM title
QUALIFY row_number() OVER (PARTITION BY theme_id ORDER BY written_at DESC, title.text) = 1 AND title.text IS NOT NULL;
