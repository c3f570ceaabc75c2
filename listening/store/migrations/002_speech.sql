-- Recordings: how much of them was heard and how surely, who speaks when, and what people put right by ear.

ALTER TABLE heard_segment ADD COLUMN language VARCHAR;
ALTER TABLE heard_segment ADD COLUMN speech_probability DOUBLE;
ALTER TABLE heard_segment ADD COLUMN doubtful BOOLEAN DEFAULT false;

-- one row per execution of one stage, as before; which stages there are is for the code to say
CREATE TABLE run_of_any_stage (
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
INSERT INTO run_of_any_stage SELECT * FROM run;
DROP TABLE run;
ALTER TABLE run_of_any_stage RENAME TO run;

-- one row per transcript of a recording: how much of it could be read, and how much the file says there is
CREATE TABLE hearing (
    transcript_id VARCHAR PRIMARY KEY,
    read_ms INTEGER NOT NULL,
    declared_ms INTEGER
);

-- one row per stretch of a recording: words were heard, somebody speaks but no words were heard, or nobody speaks
CREATE TABLE stretch (
    transcript_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL CHECK (end_ms > start_ms),
    what VARCHAR NOT NULL CHECK (what IN ('words', 'unheard', 'quiet'))
);

-- one row per transcript of a recording whose speakers were told apart, or could not be
CREATE TABLE separation (
    transcript_id VARCHAR PRIMARY KEY,
    run_id VARCHAR,
    people INTEGER NOT NULL,
    given BOOLEAN NOT NULL,
    failed_because VARCHAR
);

-- one row per time in which one speaker of a recording speaks; no name: nobody whose voice comes again
CREATE TABLE speaking (
    transcript_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    speaker VARCHAR NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL
);

-- one row each time a person said who a speaker is; the latest counts
CREATE TABLE voice_event (
    voice_id VARCHAR NOT NULL,
    is_voice_id VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row each time a person put the words of an utterance right by ear; the latest counts
CREATE TABLE correction (
    utterance_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per utterance as it stands now: by whoever is known to have said it, in the words put right by ear if they
-- were. What the source gave, and the voice it was first tied to, stay in the table utterance.
CREATE VIEW said AS
SELECT
    utterance.* REPLACE (
        coalesce(known.voice_id, utterance.voice_id) AS voice_id,
        coalesce(corrected.text, utterance.text) AS text,
        coalesce(corrected.text_sha256, utterance.text_sha256) AS text_sha256
    ),
    corrected.signed AS corrected_by
FROM utterance
LEFT JOIN (
    SELECT voice_id AS heard_as, arg_max(is_voice_id, happened_at) AS voice_id FROM voice_event GROUP BY heard_as
) AS known ON known.heard_as = utterance.voice_id
LEFT JOIN (
    SELECT
        utterance_id,
        arg_max(text, happened_at) AS text,
        arg_max(text_sha256, happened_at) AS text_sha256,
        arg_max(signed, happened_at) AS signed
    FROM correction
    GROUP BY utterance_id
) AS corrected ON corrected.utterance_id = utterance.id;

-- one row per utterance that an event still keeps out of themes
CREATE OR REPLACE VIEW kept_out AS
SELECT utterance_id, what, because
FROM (
    SELECT
        utterance_id,
        last(what ORDER BY happened_at, what) AS what,
        last(because ORDER BY happened_at, what) AS because
    FROM utterance_event
    GROUP BY utterance_id
)
WHERE what <> 'released';

-- one row per decision, theme and utterance that hang together: the chain that trace walks from any end
CREATE OR REPLACE VIEW chain AS
SELECT
    decision_utterance.decision_id,
    theme_utterance.theme_id,
    said.id AS utterance_id,
    said.conversation_id,
    said.voice_id
FROM said
LEFT JOIN kept_out ON kept_out.utterance_id = said.id
LEFT JOIN theme_utterance ON theme_utterance.utterance_id = said.id
LEFT JOIN decision_utterance ON decision_utterance.utterance_id = said.id
WHERE kept_out.what IS NULL OR kept_out.what <> 'withdrawn';
