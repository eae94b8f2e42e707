"""Documents as they were issued, for those above; the module itself lies in `o2c.books`, where the checks reach it."""

from __future__ import annotations

from o2c.books.stored import FOLDER
from o2c.books.stored import ISSUED
from o2c.books.stored import Issued
from o2c.books.stored import digest
from o2c.books.stored import issued
from o2c.books.stored import stated
from o2c.books.stored import stored_bytes

__all__ = ["FOLDER", "ISSUED", "Issued", "digest", "issued", "stated", "stored_bytes"]
