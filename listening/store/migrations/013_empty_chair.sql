-- The inquiry, who is asked first, and what people say about themselves: apart from words, and never beside them.

-- one row each time somebody wrote down what this inquiry is; the latest counts
CREATE TABLE inquiry (
    question VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    starts_on DATE,
    ends_on DATE,
    use_most VARCHAR NOT NULL,
    reached_poorly VARCHAR NOT NULL,
    asks VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    written_at TIMESTAMPTZ NOT NULL
);

-- one row per conversation that is planned with people of a group that is asked first
CREATE TABLE planned_conversation (
    id VARCHAR PRIMARY KEY,
    asked_first VARCHAR NOT NULL,
    with_whom VARCHAR NOT NULL,
    planned_for DATE,
    signed VARCHAR NOT NULL,
    planned_at TIMESTAMPTZ NOT NULL
);

-- one row each time a planned conversation was held or called off; the latest counts
CREATE TABLE planned_event (
    planned_id VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row each time somebody said that a voice is of a group that is asked first, or of none; the latest counts
CREATE TABLE asked_first_event (
    voice_id VARCHAR NOT NULL,
    asked_first VARCHAR,
    signed VARCHAR NOT NULL,
    happened_at TIMESTAMPTZ NOT NULL
);

-- one row per answer that a person gave about themselves; a changed or removed answer is deleted, not kept as history
CREATE TABLE about_answer (
    voice_id VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL
);

-- one row per question and answer: how many people of the area would give it
CREATE TABLE area_profile (
    question VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    people BIGINT NOT NULL,
    signed VARCHAR NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL
);

-- one row per cell of a table about groups as it was shown last; no count where it was too small to show
CREATE TABLE shown_cell (
    name VARCHAR NOT NULL,
    cell VARCHAR NOT NULL,
    count BIGINT,
    people BIGINT NOT NULL,
    shown_at TIMESTAMPTZ NOT NULL
);

-- one row per voice and question it has answered: the latest answer, under whoever the voice is known to be
CREATE VIEW about AS
SELECT
    coalesce(known.voice_id, about_answer.voice_id) AS voice_id,
    question,
    arg_max(answer, answered_at) AS answer,
    max(answered_at) AS answered_at
FROM about_answer LEFT JOIN known_voice AS known ON known.heard_as = about_answer.voice_id
GROUP BY ALL;

-- one row per voice that is of a group that is asked first, under whoever it is known to be
CREATE VIEW asked_first AS
SELECT
    coalesce(known.voice_id, event.voice_id) AS voice_id,
    arg_max(coalesce(asked_first, ''), happened_at) AS asked_first,
    max(happened_at) AS happened_at
FROM asked_first_event AS event LEFT JOIN known_voice AS known ON known.heard_as = event.voice_id
GROUP BY coalesce(known.voice_id, event.voice_id);
