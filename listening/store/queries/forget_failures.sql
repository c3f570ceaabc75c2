-- removes the failures of content that has now been read
DELETE FROM failure WHERE sha256 = $sha256
