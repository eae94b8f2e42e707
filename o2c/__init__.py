"""Order to cash on plain-text Beancount books."""

from __future__ import annotations

#: The version of the tool; pyproject.toml says the same.
VERSION = "0.1.0"
