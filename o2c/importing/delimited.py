"""Records of a text file with delimiters (CSV), plain or compressed with gzip, within limits."""

from __future__ import annotations

import csv
import gzip
import zlib
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.importing.sheets import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

#: Characters of text that are read from one file; the largest history of the tests has 22 million.
MAX_CHARACTERS = 500_000_000
ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16", "macintosh")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", ",": ",", ";": ";", "\t": "\t", "|": "|"}


def delimited_records(path: Path, delimiter: str, encoding: str) -> Iterator[Record]:
    """Read the records of a CSV file with the line each begins in; a UTF-8 byte order mark is dropped.

    Raises BadInput with the line for bytes that are not of the encoding, NUL, a field over 131,072 characters, quotes
    that never close, and more than 500 million characters.
    """
    if encoding.lower() not in ENCODINGS:
        raise BadInput(
            f"{path}: the encoding {encoding!r} is not one of {', '.join(ENCODINGS)}; save the file as UTF-8"
        )
    lines = _Lines(path, "utf-8-sig" if encoding.lower() == "utf-8" else encoding)
    reader = csv.reader(lines, delimiter=DELIMITERS.get(delimiter, delimiter), strict=True)
    before = 0
    try:
        for cells in reader:
            if cells:
                yield Record(before + 1, cells)
            before = reader.line_num
    except csv.Error as error:
        raise BadInput(f"{path}:{before + 1}: {error}; check the quotes and the delimiter of this line") from error
    except UnicodeError as error:
        raise BadInput(
            f"{path}:{lines.number + 1}: the bytes after this line are not {encoding}; save the file as UTF-8, "
            "or name its encoding in the profile",
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(f"{path}: the compressed file is broken ({error}); fetch it again") from error


class _Lines:
    """The lines of a file, counted, without NUL and not without end."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.number = 0
        self._path = path
        self._encoding = encoding
        self._left = MAX_CHARACTERS

    def __iter__(self) -> Iterator[str]:
        with self._open() as stream:
            # At most a million characters at a time: a file without line ends must not fill the memory.
            while piece := stream.readline(1_000_000):
                self._check(piece)
                yield piece
                self.number += 1

    def _open(self) -> TextIO:
        if self._path.suffix.lower() == ".gz":
            return gzip.open(self._path, "rt", encoding=self._encoding, newline="")
        return self._path.open(encoding=self._encoding, newline="")

    def _check(self, piece: str) -> None:
        self._left -= len(piece)
        if "\0" in piece:
            raise BadInput(f"{self._path}:{self.number + 1}: there is a NUL in this line; save the file as UTF-8 text")
        if self._left < 0 or len(piece) == 1_000_000:
            raise BadInput(
                f"{self._path}:{self.number + 1}: the file, or this line, is too long to be read; split the file"
            )
