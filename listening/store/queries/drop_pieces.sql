-- removes the pieces of a recording whose transcript is whole
DELETE FROM piece WHERE source_id = $source_id
