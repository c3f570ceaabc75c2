-- one row per thing that is to be erased
INSERT INTO to_erase SELECT unnest($ids), $now
