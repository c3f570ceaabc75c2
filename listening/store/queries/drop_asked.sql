-- removes what was asked for and is done
DELETE FROM to_erase WHERE id IN (SELECT unnest($ids))
