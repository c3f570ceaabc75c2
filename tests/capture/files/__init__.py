"""Real files of every typed kind, made as the programs make them, each with the words that are to come out."""
