-- removes every session of this account
DELETE FROM session WHERE account = $name
