-- one row: a finished piece; the same piece twice is one
INSERT INTO piece (source_id, recipe_sha256, ordinal, heard) VALUES ($source_id, $recipe_sha256, $ordinal, $heard)
ON CONFLICT DO NOTHING
