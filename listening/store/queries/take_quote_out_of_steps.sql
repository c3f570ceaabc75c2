-- one row per step of a decision that quotes these words: other words stand in their place
UPDATE milestone SET text = replace(text, $quote, $instead) WHERE contains(text, $quote)
