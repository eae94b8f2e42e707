"""The demonstration books: who buys what, what happened on which day, and how that is written by the tool itself."""
