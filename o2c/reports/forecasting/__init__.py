"""The cash forecast: how items were paid in the past, and what that says of those open now."""
