"""Dunning: who is reminded of what, one level at a time, and who is not and why; a run makes a proposal."""
