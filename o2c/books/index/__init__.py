"""The index: what the one reader says about each ledger file, kept in SQLite so that a command need not load all."""
