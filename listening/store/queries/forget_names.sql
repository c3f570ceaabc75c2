-- one row per voice of these: nothing of it stays but that somebody was there
UPDATE voice SET handle = id, shown = 'somebody who left' WHERE id IN (SELECT unnest($ids))
