-- at most one row: what a person said about tables with this heading
SELECT columns FROM mapping WHERE heading_sha256 = $heading_sha256
