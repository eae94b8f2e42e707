"""Money that comes in, what it pays, how that is taken back: receipts, allocations, refunds, write-offs, reversals."""
