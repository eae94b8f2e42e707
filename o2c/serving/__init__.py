"""Serving the books: Fava with our pages on this machine alone, behind a door that asks who comes."""
