-- removes the names of originals that are gone
DELETE FROM leftover
