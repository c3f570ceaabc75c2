-- one row per account, or the one of this name
SELECT name, role, password_hash, made_at FROM account WHERE $name IS NULL OR name = $name ORDER BY name
