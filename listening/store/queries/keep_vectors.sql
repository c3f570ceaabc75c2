-- one row per text; a vector that is already there stays
INSERT INTO vector (text_sha256, weights_sha256, run_id, floats)
SELECT unnest($text_sha256), $weights_sha256, $run_id, unnest($floats)
ON CONFLICT DO NOTHING
