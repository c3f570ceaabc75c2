-- one row: how often people did something that pages must show at once, and the latest synthesis
SELECT
    (SELECT count(*) FROM utterance_event),
    (SELECT count(*) FROM consent_event),
    (SELECT count(*) FROM correction),
    (SELECT count(*) FROM voice_event),
    (SELECT count(*) FROM told_again),
    (SELECT count(*) FROM decision),
    (SELECT count(*) FROM title),
    (SELECT count(*) FROM objection),
    (SELECT count(*) FROM objection_reply),
    (SELECT count(*) FROM felt),
    (SELECT count(*) FROM account),
    (SELECT count(*) FROM session),
    (SELECT max(started_at) FROM session),
    (SELECT id FROM current_run)
