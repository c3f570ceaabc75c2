-- removes the failures of content that has now been taken, and those of its name when it could not even be opened
DELETE FROM failure WHERE sha256 = $sha256 OR (sha256 = '' AND name = $name)
