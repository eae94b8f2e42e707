"""Closing a period: is it complete, what is still to post, and the seal."""
