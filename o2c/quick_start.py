"""Starts the process without what most commands never use: the public API of Beancount, which imports all of it.

`import beancount.core.amount` first imports the package `beancount`, and that imports its API: the loader, realization,
prices and encryption, a tenth of the time of a short command. Here the package comes without its API, which is imported
when somebody asks the package for a name. Submodules are found as always.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

_API = "beancount.api"


def beancount_without_api() -> None:
    """Import the package `beancount` so that its API follows at its first use; nothing where it is there already."""
    if "beancount" in sys.modules:
        return
    sys.modules[_API] = ModuleType(_API)
    try:
        package = import_module("beancount")
    finally:
        del sys.modules[_API]

    def complete(name: str) -> object:
        """Give a name of the package, now with its API, as the import system asks for it."""
        api = import_module(_API)
        vars(package).pop("__getattr__", None)
        vars(package).update((key, value) for key, value in vars(api).items() if not key.startswith("_"))
        return getattr(package, name)

    vars(package)["__getattr__"] = complete
