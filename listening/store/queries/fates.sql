-- one row per fate that any utterance has, with how many have it
SELECT fate, count(*) FROM fate GROUP BY fate
