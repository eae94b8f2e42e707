"""The seal of a period: closed books that nobody can change without being seen (docs/seal.md).

`making` makes a seal, `proving` proves it; both look at booked entries, before plugins.
"""
