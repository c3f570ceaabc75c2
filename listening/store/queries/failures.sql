-- one row per file that could not be taken or read and still is not
SELECT sha256, name, reason, failed_at FROM failure ORDER BY name, sha256
