-- removes the titles that quote any of these words
DELETE FROM title WHERE EXISTS (SELECT 1 FROM (SELECT unnest($words) AS words) WHERE contains(title.text, words))
