"""Books of three months, small enough to load a hundred times, and what hands and tools do to their files."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount
from hypothesis import strategies as st

from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.model.writing import write
from tests.books.index import hand_edits
from tests.cash.shop import write_books

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.model.documents import Entry

HAND = """
; opened by the shop: Assets:AR:C1 Assets:AR:C2 Assets:AR:US1
2026-01-01 open Liabilities:Customer-Deposits:C1
2026-01-01 open Liabilities:Customer-Deposits:C2
2026-01-01 price USD 0.90 EUR

2026-01-15 * "An old invoice"
  Assets:AR:C2  50.00 EUR
    item: "OLD-1"
    due: 2026-02-15
  Income:Sales

2026-02-01 price USD 0.91 EUR
"""


def new(root: Path) -> Path:
    """Write the books into a folder that exists."""
    write_books(root, HAND)
    for month in (1, 2, 3):
        (root / "journal" / f"2026-{month:02d}.beancount").write_text("; the journal\n" + write(documents_of(month)))
    return root


def documents_of(month: int) -> list[Entry]:
    first, later = date(2026, month, 5), date(2026, month, 20)
    return [
        invoice(10 * month + 1, first, "C1", "100.00"),
        invoice(10 * month + 2, first, "C2", "200.00"),
        invoice(10 * month + 3, first, "US1", "1000.00", "USD", "900.00"),
        Event(
            "remark", first, f"INV-2026-00{month}1", "C1", act=act(), account=names.receivable("C1"), comment="called"
        ),
        receipt(10 * month + 1, later, "C1", "60.00", f"INV-2026-00{month}1"),
        receipt(10 * month + 2, later, "C2", "25.00", ""),
        receipt(10 * month + 3, later, "US1", "400.00", f"INV-2026-00{month}3", ("1000.00", "900.00")),
    ]


def act(key: str = "") -> Act:
    return Act("ann", "2026-03-02T09:00:00Z", "test", key, f"sha256:{key}" if key else "")


def invoice(
    number: int, day: date, customer: str, amount: str, currency: str = "EUR", carrying: str = "", key: str = ""
) -> Document:
    """Make an invoice without lines; `carrying` is what a foreign one is worth in euros."""
    doc_id, worth = f"INV-{day.year}-{number:04d}", Decimal(carrying or amount)
    lot = Amount(worth, "EUR") if carrying else None
    return Document(
        doc_type=names.INVOICE,
        doc_id=doc_id,
        date=day,
        customer=customer,
        currency=currency,
        payee=f"Customer {customer}",
        narration=f"Invoice {doc_id}",
        movements=(Movement(names.receivable(customer), doc_id, Decimal(amount), currency, carrying=lot),),
        others=(Other("Income:Sales", -worth, "EUR"),),
        due=date(day.year, day.month + 1, 5),
        act=act(key),
        links=frozenset({doc_id}),
        tags=frozenset({names.INVOICE}),
    )


def receipt(
    number: int, day: date, customer: str, amount: str, item: str, lot: tuple[str, str] = ("", ""), key: str = ""
) -> Document:
    """Make a receipt that pays an item, or on account; of a `lot` (units, worth) the rest is put back."""
    doc_id, paid = f"RC-{day.year}-{number:04d}", Decimal(amount)
    account = names.receivable(customer) if item else names.deposit(customer)
    if not lot[0]:
        moves = (Movement(account, item or doc_id, -paid, "EUR"),)
        bank = Other("Assets:Bank:Main", paid, "EUR")
    else:
        units, worth = map(Decimal, lot)
        part = (worth * paid / units).quantize(Decimal("0.01"))
        out = Movement(account, item, -units, "USD", carrying=Amount(-worth, "EUR"))
        rest = Movement(account, item, units - paid, "USD", carrying=Amount(worth - part, "EUR"))
        moves = (out, rest) if units != paid else (out,)
        bank = Other("Assets:Bank:Dollar", paid, "USD", Amount(part, "EUR"))
    return Document(
        doc_type=names.RECEIPT,
        doc_id=doc_id,
        date=day,
        customer=customer,
        currency="USD" if lot[0] else "EUR",
        payee=f"Customer {customer}",
        narration=f"Receipt {doc_id}",
        movements=moves,
        others=(bank,),
        reference=f"SEPA {number}",
        act=act(key),
        links=frozenset({doc_id}),
        tags=frozenset({names.RECEIPT}),
    )


# ---- what hands and tools do -----------------------------------------------------------------------------------------
# Each edit takes a way to draw and the folder, and changes files in it.


def ledger_files(root: Path) -> list[Path]:
    """List the files that may be edited."""
    return sorted(path for folder in ("journal", "manual") for path in (root / folder).rglob("*.beancount"))


def _file(draw: st.DrawFn, root: Path) -> Path:
    return draw(st.sampled_from(ledger_files(root)))


def _read(path: Path) -> str:
    return path.read_bytes().decode()


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _parts(path: Path) -> list[str]:
    return _read(path).split("\n\n")


def insert(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    parts = _parts(path)
    at = draw(st.integers(0, len(parts)))
    _write(path, "\n\n".join([*parts[:at], _new_text(draw), *parts[at:]]))


def append(draw: st.DrawFn, root: Path) -> None:
    with _file(draw, root).open("a", newline="") as file:
        file.write("\n" + _new_text(draw) + draw(st.sampled_from(["\n", "", "\r\n"])))


def _new_text(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        return draw(st.sampled_from(hand_edits.SNIPPETS))
    number, day = draw(st.integers(31, 60)), date(2026, draw(st.integers(1, 4)), draw(st.integers(1, 28)))
    made = draw(
        st.sampled_from(
            [
                invoice(number, day, "C1", "75.00", key="key-1"),
                invoice(number, day, "US1", "500.00", "USD", "450.00"),
                receipt(number, day, "C1", "10.00", "INV-2026-0011"),
                receipt(number, day, "C2", "9999.00", "INV-2026-0012"),
                receipt(number, day, "US1", "600.00", "INV-2026-0013", ("600.00", "540.00")),
                receipt(number, day, "C2", "5.00", "OLD-1", key="key-1"),
                Event("o2c-close", day, "", "", act=act(), values=(f"{day:%Y-%m}", day, "closed")),
            ]
        )
    )
    return write([made]).strip("\n")


def delete(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    parts = _parts(path)
    del parts[draw(st.integers(0, len(parts) - 1))]
    _write(path, "\n\n".join(parts))


def reorder(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    _write(path, "\n\n".join(draw(st.permutations(_parts(path)))))


def change_amount(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    path.write_text(re.sub(r"0\.00", draw(st.sampled_from(["1.00", "0.50", "7.77"])), path.read_text(), count=2))


def move_entry(draw: st.DrawFn, root: Path) -> None:
    source, target = _file(draw, root), _file(draw, root)
    parts = _parts(source)
    taken = parts.pop(draw(st.integers(0, len(parts) - 1)))
    _write(source, "\n\n".join(parts))
    _write(target, _read(target) + "\n\n" + taken + "\n")


def edit_roughly(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    text = _read(path)
    _write(path, draw(st.sampled_from(hand_edits.EDITS))(draw, text))


def add_file(draw: st.DrawFn, root: Path) -> None:
    name = draw(st.sampled_from(["journal/new", "manual/new", "journal/0001", "journal/.hidden", "elsewhere"]))
    (root / f"{name}.beancount").write_text(_new_text(draw) + "\n")


def remove_file(draw: st.DrawFn, root: Path) -> None:
    _file(draw, root).unlink()


def rename_file(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    path.rename(path.with_name(draw(st.sampled_from(["a.beancount", "z.beancount", "not-included.txt"]))))


def copy_file(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    shutil.copy2(
        path, path.with_name(draw(st.sampled_from([f"copy of {path.name}", f"{path.name}~", f".#{path.name}"])))
    )


def swap_files(draw: st.DrawFn, root: Path) -> None:
    one, other = _file(draw, root), _file(draw, root)
    between = one.with_name("between")
    one.rename(between)
    other.rename(one) if other.exists() else None
    between.rename(other)


def nested(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    (path.parent / "nested").mkdir(exist_ok=True)
    (path.parent / "nested" / draw(st.sampled_from(["one.beancount", "two.beancount"]))).write_text(
        _new_text(draw) + "\n"
    )
    path.write_text(
        path.read_text() + draw(st.sampled_from(['\ninclude "nested/*.beancount"\n', '\ninclude "*/*.beancount"\n']))
    )


def turn_clock_back(draw: st.DrawFn, root: Path) -> None:
    path = _file(draw, root)
    os.utime(path, ns=(1_000_000_000, draw(st.sampled_from([0, 1_000_000_000, 4_000_000_000_000_000_000]))))


def same_size_and_time(draw: st.DrawFn, root: Path) -> None:
    """Put a file in the place of another that has the same size and time, as some tools for copying do."""
    path = _file(draw, root)
    status = path.stat()
    fresh = path.with_name("fresh")
    fresh.write_text(re.sub(r"([1-9])(?=[0-9.]* EUR)", lambda found: str(9 - int(found[1]) or 9), path.read_text()))
    os.utime(fresh, ns=(status.st_atime_ns, status.st_mtime_ns))
    fresh.replace(path)


def same_size_and_time_in_place(draw: st.DrawFn, root: Path) -> None:
    """Write over a file, and give it back its time: the inode stays, too."""
    path = _file(draw, root)
    status = path.stat()
    path.write_text(path.read_text().replace("00 EUR", "11 EUR"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def edit_main(draw: st.DrawFn, root: Path) -> None:
    main = root / "main.beancount"
    text = main.read_text()
    wish = draw(
        st.sampled_from(
            [
                (text, text + 'include "elsewhere.beancount"\n'),
                ("journal/*", "journal/2026-*"),
                ('include "manual/*.beancount"\n', ""),
                ('plugin "beancount_o2c.document_integrity"\n', ""),
                (text, text + 'option "booking_method" "FIFO"\n'),
            ]
        )
    )
    main.write_text(text.replace(*wish))


ALL: tuple[Callable[[st.DrawFn, Path], None], ...] = (
    insert, insert, append, append, delete, reorder, change_amount, move_entry, edit_roughly, add_file, remove_file,
    rename_file, copy_file, swap_files, nested, turn_clock_back, same_size_and_time, same_size_and_time_in_place,
    edit_main,
)  # fmt: skip
