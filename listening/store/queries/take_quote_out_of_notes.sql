-- one row per note on a decision that quotes these words: other words stand in their place
UPDATE progress_note SET text = replace(text, $quote, $instead) WHERE contains(text, $quote)
