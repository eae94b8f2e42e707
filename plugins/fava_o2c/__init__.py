"""Receivables in Fava; the pages come with the next issue."""
