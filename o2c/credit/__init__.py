"""Credit: rules that orders are tested by, limits and holds, who is due for review, and a score out of the ledger."""
