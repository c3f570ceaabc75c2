-- one row per finished piece of this recording by this recipe, in order
SELECT heard FROM piece WHERE source_id = $source_id AND recipe_sha256 = $recipe_sha256 ORDER BY ordinal
