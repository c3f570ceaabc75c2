-- one row per voice: the handle that is fit to show
SELECT id, shown FROM voice ORDER BY id
