-- one row: how many accounts and sessions there are, and since when the newest of each is there
SELECT
    (SELECT count(*) FROM account),
    (SELECT max(made_at) FROM account),
    (SELECT count(*) FROM session),
    (SELECT max(started_at) FROM session)
