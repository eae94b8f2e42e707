"""The plugins take no configuration: what stands behind their names is one error, and they check all the same."""

from __future__ import annotations


def unwanted(name: str, config: str | None) -> str:
    """Say that a plugin line must not have a configuration, and how to write it; empty where it has none."""
    if config is None:
        return ""
    return f'{name} takes no configuration: write the line in the main file as `plugin "beancount_o2c.{name}"`'
