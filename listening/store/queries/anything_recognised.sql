-- one row: whether anything was ever erased
SELECT count(*) > 0 FROM recognised
