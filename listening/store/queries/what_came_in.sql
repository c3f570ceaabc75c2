-- one row: how many things were handed in, are read, and could not be
SELECT (SELECT count(*) FROM source), (SELECT count(*) FROM transcript), (SELECT count(*) FROM failure)
