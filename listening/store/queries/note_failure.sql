-- one row for this name and content, with the latest reason
INSERT INTO failure (sha256, name, reason, failed_at) VALUES ($sha256, $name, $reason, $failed_at)
ON CONFLICT (sha256, name) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at
