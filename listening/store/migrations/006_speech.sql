-- Recordings: how much of them was heard and how surely, who speaks when, and what people put right by ear.

ALTER TABLE heard_segment ADD COLUMN language VARCHAR;
ALTER TABLE heard_segment ADD COLUMN speech_probability DOUBLE;
ALTER TABLE heard_segment ADD COLUMN doubtful BOOLEAN DEFAULT false;

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

-- one row per voice of one recording that a person said who it is: who that is
CREATE VIEW known_voice AS
SELECT voice_id AS heard_as, arg_max(is_voice_id, happened_at) AS voice_id FROM voice_event GROUP BY heard_as;

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
LEFT JOIN known_voice AS known ON known.heard_as = utterance.voice_id
LEFT JOIN (
    SELECT
        utterance_id,
        arg_max(text, happened_at) AS text,
        arg_max(text_sha256, happened_at) AS text_sha256,
        arg_max(signed, happened_at) AS signed
    FROM correction
    GROUP BY utterance_id
) AS corrected ON corrected.utterance_id = utterance.id;

-- one row per voice and purpose that it has chosen for: its latest choice, under whoever the voice is known to be
CREATE OR REPLACE VIEW consent AS
SELECT coalesce(known.voice_id, event.voice_id) AS voice_id, purpose, last(given ORDER BY happened_at) AS given
FROM consent_event AS event LEFT JOIN known_voice AS known ON known.heard_as = event.voice_id
GROUP BY ALL;

-- one row per utterance and cause for which an event holds it, with the reason
CREATE VIEW held AS
SELECT utterance_id, cause, because, happened_at
FROM utterance_event
QUALIFY row_number() OVER (PARTITION BY utterance_id, cause ORDER BY happened_at DESC, what DESC) = 1 AND what = 'held';

-- one row per utterance that is kept out of themes, quotes and exports, with the latest reason
CREATE OR REPLACE VIEW kept_out AS
WITH reason AS (
    SELECT utterance_id, 'held' AS what, because, happened_at FROM held
    UNION ALL
    SELECT said.id, 'held', 'whoever said it does not want it grouped or read', NULL
    FROM said JOIN consent ON consent.voice_id = said.voice_id
    WHERE consent.purpose IN ('group', 'read') AND NOT consent.given
    UNION ALL
    SELECT utterance_id, what, because, happened_at FROM utterance_event WHERE what IN ('withdrawn', 'failed')
)
SELECT
    utterance_id,
    CASE
        WHEN bool_or(what = 'withdrawn') THEN 'withdrawn'
        WHEN bool_or(what = 'held') THEN 'held'
        ELSE 'failed'
    END AS what,
    coalesce(arg_max(because, happened_at), any_value(because)) AS because
FROM reason
GROUP BY utterance_id;

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
