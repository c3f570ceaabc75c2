-- removes the account of this name
DELETE FROM account WHERE name = $name
