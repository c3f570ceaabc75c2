-- one row: how often people did something that pages must show at once
SELECT
    (SELECT count(*) FROM utterance_event),
    (SELECT count(*) FROM consent_event),
    (SELECT count(*) FROM correction),
    (SELECT count(*) FROM voice_event),
    (SELECT count(*) FROM told_again),
    (SELECT count(*) FROM decision),
    (SELECT count(*) FROM owner),
    (SELECT count(*) FROM milestone),
    (SELECT count(*) FROM progress_note),
    (SELECT count(*) FROM title),
    (SELECT count(*) FROM objection),
    (SELECT count(*) FROM objection_reply),
    (SELECT count(*) FROM felt)
