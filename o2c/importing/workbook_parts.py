"""The parts of an XLSX file, checked before anything parses them (rule R10; hostile inputs H17 and H18).

An XLSX file is a zip archive of XML. A few kilobytes can hold gigabytes, or one cell in the last corner of a sheet.
Sizes are read from the archive's directory first; then each part that matters is unpacked within its declared size
and its elements counted. What passed is packed anew, so that the reader behind sees nothing else.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from posixpath import join
from posixpath import normpath
from typing import TYPE_CHECKING
from xml.parsers import expat

from o2c.errors import BadInput
from o2c.importing.sheet_scan import Scan
from o2c.model.money import shown

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE = 100_000_000
MAX_UNPACKED = 200_000_000
MAX_PARTS = 2_000
#: Sheets shrink to a tenth or less; a part over a megabyte that shrank to a hundredth is a bomb.
MAX_RATIO = 100
_NEEDED = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_USEFUL = ("xl/sharedStrings.xml", "xl/styles.xml")


def checked_workbook(path: Path, sheet: str | None, header_line: int) -> tuple[BytesIO, str]:
    """Check a workbook and give the safe parts of it, packed anew, and the name of the chosen sheet.

    Raises BadInput with the reason: too large, encrypted, macros, odd names, document types and entities, formulas
    or errors in the chosen sheet, no or several visible sheets and none named.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadInput(f"{path}: more than {MAX_FILE} bytes; export the data as .csv")
        with zipfile.ZipFile(path) as archive:
            _check_directory(path, archive)
            return _repacked(path, archive, sheet, header_line)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeError) as error:
        raise BadInput(
            f"{path}: this is not an .xlsx workbook that can be read ({error}); "
            "save it as .xlsx without a password, or as .csv",
        ) from error
    except expat.ExpatError as error:
        raise BadInput(f"{path}: the workbook is damaged ({error}); save it again as .xlsx or as .csv") from error


def _check_directory(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or len(names) != len(parts):
        raise BadInput(f"{path}: the workbook has too many parts, or two of one name; save the data as .csv")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadInput(f"{path}: the workbook unpacks to more than {MAX_UNPACKED} bytes; export the data as .csv")
    if any("vbaproject" in name.lower() for name in names):
        raise BadInput(f"{path}: the workbook holds macros; save it as .xlsx without them")
    for part in parts:
        _check_part(path, part)


def _check_part(path: Path, part: zipfile.ZipInfo) -> None:
    name = part.filename
    if part.flag_bits & 1:
        raise BadInput(f"{path}: the workbook is encrypted; save it without a password")
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise BadInput(
            f"{path}: the workbook has a part named {shown(name)}; it was not written by a spreadsheet program"
        )
    if part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        sizes = f"{part.file_size} bytes from {part.compress_size}"
        raise BadInput(f"{path}: {shown(name)} unpacks to {sizes}; export the data as .csv")


def _repacked(path: Path, archive: zipfile.ZipFile, sheet: str | None, header_line: int) -> tuple[BytesIO, str]:
    names = set(archive.namelist())
    if missing := [name for name in _NEEDED if name not in names]:
        raise BadInput(f"{path}: this is not an .xlsx workbook ({missing[0]} is missing); save it as .xlsx or as .csv")
    safe = BytesIO()
    with zipfile.ZipFile(safe, "w") as packed:
        scan = Scan(path, header_line)
        for name in (*_NEEDED, *(name for name in _USEFUL if name in names)):
            _copy(archive, packed, name, scan)
        chosen, target = _chosen(path, scan, sheet)
        part = normpath(join("xl", target)) if not target.startswith("/") else target[1:]
        if part not in names:
            raise BadInput(f"{path}: the sheet {shown(chosen)} is missing in the workbook; save it again")
        scan.enter_sheet(chosen)
        _copy(archive, packed, part, scan)
    safe.seek(0)
    return safe, chosen


def _copy(archive: zipfile.ZipFile, packed: zipfile.ZipFile, name: str, scan: Scan) -> None:
    """Unpack one part piece by piece, let the scan see every element of it, and pack it again."""
    parser = scan.parser()
    with archive.open(name) as source, packed.open(name, "w") as target:
        while piece := source.read(1 << 16):
            parser.Parse(piece)
            target.write(piece)
    parser.Parse(b"", True)  # noqa: FBT003 - expat's signature: this was the end


def _chosen(path: Path, scan: Scan, wanted: str | None) -> tuple[str, str]:
    """Choose the sheet by name, or the only visible one; give its name and its part."""
    visible = [name for name, _, is_visible in scan.sheets if is_visible]
    if wanted is None and len(visible) != 1:
        there = ", ".join(visible)
        raise BadInput(
            f"{path}: the workbook has {len(visible)} visible sheets ({there}); name one, `sheet` in the profile"
        )
    sought = visible[0] if wanted is None else wanted
    for name, relation, _ in scan.sheets:
        if name == sought and relation in scan.targets:
            return name, scan.targets[relation]
    there = ", ".join(name for name, *_ in scan.sheets)
    raise BadInput(f"{path}: there is no sheet {shown(sought)}; the workbook has {there}")
