"""Beancount plugins of o2c; each is a module of its own, named in a `plugin` line of the main file."""

from __future__ import annotations
