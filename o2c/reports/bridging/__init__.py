"""Bridges: why a measure moved from one day to another, document by document, so that the parts are the difference."""
