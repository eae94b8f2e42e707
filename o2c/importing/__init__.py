"""Moving in: histories and open items of other systems, read by a profile and turned into documents."""
