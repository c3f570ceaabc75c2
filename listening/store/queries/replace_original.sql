-- one row: a source whose original was made anew, without words that were taken out
UPDATE source SET sha256 = $sha256, suffix = $suffix, name = $name, size = $size, about = $about WHERE id = $source_id
