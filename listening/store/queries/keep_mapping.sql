-- one row for this heading, with what a person said last
INSERT INTO mapping (heading_sha256, columns, confirmed_at) VALUES ($heading_sha256, $columns, $confirmed_at)
ON CONFLICT (heading_sha256) DO UPDATE SET columns = excluded.columns, confirmed_at = excluded.confirmed_at
