"""Money at the counter, day by day, through the command line: what an accountant sees in March."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from o2c import books as door
from o2c.cli import main
from o2c.model.items import items
from tests.cash.shop import dollar_invoice
from tests.cash.shop import invoice
from tests.cash.shop import write_books

if TYPE_CHECKING:
    from pathlib import Path

D = Decimal
LEDGER = (
    invoice("INV-1", "119.00", net="100.00")
    + invoice("INV-2", "238.00", net="200.00")
    + invoice(
        "INV-3", "100.00", instalments=(("2026-02-09", "30.00"), ("2026-03-11", "50.00"), ("2026-04-10", "20.00"))
    )
    + invoice("INV-K", "50.00", customer="KID")
    + dollar_invoice("INV-U", "1000.00", "900.00")
    + "2026-03-01 price USD 0.93 EUR\n2026-03-10 price USD 0.89 EUR\n"
)


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


class Counter:
    """The books on disk, and the commands given to them."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = write_books(root, LEDGER)
        self._capsys = capsys

    def say(self, *words: str) -> Said:
        with pytest.raises(SystemExit) as stopped:
            main(["--books", str(self.root), "--user", "jonas", "--now", "2026-03-05T09:30:00Z", *words])
        captured = self._capsys.readouterr()
        return Said(int(str(stopped.value.code)), captured.out, captured.err)

    def done(self, day: str, *words: str) -> str:
        said = self.say(*words, "--date", day)
        assert said.code == 0, said.err
        return said.out

    def refused(self, day: str, *words: str) -> str:
        said = self.say(*words, "--date", day)
        assert said.code == 1, said
        return said.err

    def open(self) -> dict[str, str]:
        """Give what is open of every item now, as text."""
        books = door.load(self.root)
        assert not books.errors
        return {item.item: str(item.open) for item in items(books.facts.moved).values() if item.open}

    def journal(self) -> str:
        return "".join(path.read_text() for path in sorted((self.root / "journal").glob("2026-*")))


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    root = tmp_path / "books"
    root.mkdir()
    return Counter(root, capsys)


def test_a_month_at_the_counter(counter: Counter) -> None:
    # 2 March: one transfer for two invoices, a cent short on the second
    out = counter.done(
        "2026-03-02", "receipt", "C1", "356.99 EUR", "--apply", "INV-1", "--apply", "INV-2", "--ref", "T 4711"
    )
    assert out.startswith("RC-2026-0001  receipt  2026-03-02  Customer C1  -356.99 EUR")
    assert counter.open()["INV-2"] == "0.01"
    # the same transfer once more: refused, and it says which
    assert "RC-2026-0001" in counter.refused("2026-03-02", "receipt", "C1", "356.99 EUR", "--ref", "T 4711")
    # 3 March: the cent is not worth a letter
    counter.done("2026-03-03", "write-off", "INV-2", "--reason", "small")
    # 4 March: instalments, oldest due first; two words for the amount
    counter.done("2026-03-04", "receipt", "C1", "40.00", "EUR", "--apply", "INV-3")
    assert counter.open()["INV-3.2"] == "40.00"
    # 5 March: too much, nobody knows why; it stays on account
    counter.done("2026-03-05", "receipt", "C1", "75.00", "--apply", "INV-3.2")
    assert counter.open()["RC-2026-0003"] == "-35.00"
    # 6 March: 20 of it are for the last instalment, 15 go back
    counter.done("2026-03-06", "allocate", "RC-2026-0003", "INV-3", "20.00")
    counter.done("2026-03-06", "refund", "RC-2026-0003", "15.00 EUR")
    assert counter.open() == {"INV-K": "50.00", "INV-U": "1000.00"}
    # 9 March: the first transfer bounces; its write-off of a cent stands in no way, the invoices are open again
    counter.done("2026-03-09", "reverse", "RC-2026-0001", "--reason", "returned by the bank")
    assert counter.open() == {"INV-1": "119.00", "INV-2": "237.99", "INV-K": "50.00", "INV-U": "1000.00"}
    assert 'why: "returned by the bank"' in counter.journal()
    # 10 March: the parent pays for its child
    counter.done("2026-03-10", "receipt", "C1", "50.00", "EUR", "--apply", "INV-K")
    assert "INV-K" not in counter.open()
    said = counter.say("check")
    assert said.code == 0, said.out


def test_dollars_are_taken_in_and_back_on_one_day(counter: Counter) -> None:
    counter.done("2026-03-05", "receipt", "US1", "600.00", "USD", "--apply", "INV-U")
    counter.done("2026-03-05", "receipt", "US1", "100.00", "USD", "--apply", "INV-U")
    counter.done("2026-03-05", "unallocate", "RC-2026-0001")
    counter.done("2026-03-05", "allocate", "RC-2026-0001", "INV-U", "300.00 USD")
    counter.done("2026-03-05", "unallocate", "AL-2026-0002")
    counter.done("2026-03-05", "reverse", "RC-2026-0001", "--reason", "bounced")
    assert counter.open()["INV-U"] == "900.00"


def test_gains_are_realised_as_the_dollars_come_in(counter: Counter) -> None:
    counter.done("2026-03-05", "receipt", "US1", "600.00", "USD", "--apply", "INV-U")
    counter.done("2026-03-10", "receipt", "US1", "400.00", "USD", "--apply", "INV-U")
    fx = [line.split() for line in counter.journal().splitlines() if "Income:FX:Realised" in line]
    assert [words[1] for words in fx] == ["-18.00", "4.00"]
    assert "INV-U" not in counter.open()


def test_without_a_currency_the_amount_is_in_the_customers(counter: Counter) -> None:
    counter.done("2026-03-05", "receipt", "US1", "10.00")
    counter.done("2026-03-05", "receipt", "C1", "10.00")
    said = json.loads(counter.say("receipt", "list", "--json", "--as-of", "2026-03-05").out)
    assert [(row["document"], row["currency"], row["unapplied"]) for row in said["rows"]] == [
        ("RC-2026-0001", "USD", "10.00"),
        ("RC-2026-0002", "EUR", "10.00"),
    ]


def test_key_posts_once_and_other_content_is_a_conflict(counter: Counter) -> None:
    words = ("receipt", "C1", "10.00 EUR", "--key", "bank-77")
    assert counter.done("2026-03-05", *words).startswith("RC-2026-0001")
    assert counter.done("2026-03-05", *words).startswith("already done: RC-2026-0001")
    assert "bank-77" in counter.refused("2026-03-05", "receipt", "C1", "11.00 EUR", "--key", "bank-77")
    assert counter.journal().count("doc-id") == 1


def test_dry_run_shows_the_entry_and_writes_nothing(counter: Counter) -> None:
    said = counter.say("receipt", "C1", "119.00 EUR", "--apply", "INV-1", "--date", "2026-03-05", "--dry-run")
    assert 'doc-id: "RC-2026-0001"' in said.out
    assert counter.journal() == ""


def test_json_says_where_each_document_stands(counter: Counter) -> None:
    out = json.loads(counter.done("2026-03-05", "receipt", "C1", "50.00", "EUR", "--apply", "INV-K", "--json"))
    assert [row["doc_type"] for row in out["posted"]] == ["receipt", "allocation", "allocation"]
    line = out["posted"][0]["line"]
    assert "RC-2026-0001" in (counter.root / "journal" / "2026-03.beancount").read_text().splitlines()[line - 1]


@pytest.mark.parametrize(
    "words",
    [
        ("receipt", "C1", "10,00", "EUR"),
        ("receipt", "C1", "1e3"),
        ("receipt", "C1", "NaN"),
        ("receipt", "C1", "10.00 eur"),
        ("receipt", "C1", "10.00 EUR", "EUR"),
        ("receipt", "c1", "10.00"),
        ("receipt", "C1", "10.00", "--apply", "INV-1=x"),
        ("receipt", "C1", "10.00", "--apply", "../INV-1"),
        ("receipt", "C1"),
        ("reverse", "INV-1"),
        ("reverse", "INV-1", "--reason", " "),
        ("write-off", "INV-1"),
        ("allocate", "RC-2026-0001"),
        ("refund", "RC-2026-0001"),
    ],
)
def test_words_without_a_meaning_are_wrong_usage(counter: Counter, words: tuple[str, ...]) -> None:
    assert counter.say(*words).code == 2


def test_three_decimals_of_a_euro_are_refused_whoever_gives_the_currency(counter: Counter) -> None:
    assert counter.say("receipt", "C1", "10.001 EUR").code in {1, 2}
    assert counter.say("receipt", "C1", "10.001").code in {1, 2}
    assert counter.journal() == ""


def test_refused_command_writes_nothing_at_all(counter: Counter) -> None:
    counter.refused("2026-03-05", "receipt", "C1", "10.00 USD", "--apply", "INV-1")
    counter.refused("2026-03-05", "receipt", "C1", "119.01", "--apply", "INV-1=119.01")
    counter.refused("2026-03-05", "receipt", "C2", "10.00", "--apply", "INV-1")
    assert counter.journal() == ""


def test_lists_tell_what_became_of_each(counter: Counter) -> None:
    counter.done("2026-03-02", "receipt", "C1", "150.00", "--apply", "INV-1", "--ref", "T 1")
    counter.done("2026-03-03", "receipt", "C1", "1.00")
    counter.done("2026-03-04", "reverse", "RC-2026-0002", "--reason", "bounced")
    counter.done("2026-03-05", "unallocate", "RC-2026-0001")
    rows = json.loads(counter.say("receipt", "list", "--as-of", "2026-03-05", "--json").out)["rows"]
    assert [(row["document"], row["amount"], row["unapplied"], row["state"]) for row in rows] == [
        ("RC-2026-0001", "150.00", "150.00", "taken back"),
        ("RC-2026-0002", "1.00", "0.00", "reversed"),
    ]
    early = json.loads(counter.say("receipt", "list", "--as-of", "2026-03-03", "--unapplied", "--json").out)["rows"]
    assert [(row["unapplied"], row["state"]) for row in early] == [("31.00", ""), ("1.00", "")]
    for word, count in (("allocate", 1), ("reverse", 1), ("refund", 0), ("write-off", 0)):
        listed = json.loads(counter.say(word, "list", "--as-of", "2026-03-05", "--json").out)["rows"]
        assert len(listed) == count, word


def test_show_prints_the_chain_from_invoice_to_money(counter: Counter) -> None:
    counter.done("2026-03-02", "receipt", "C1", "119.00", "--apply", "INV-1")
    said = counter.say("receipt", "show", "RC-2026-0001")
    assert said.code == 0
    assert "INV-1" in said.out
    assert counter.say("receipt", "show", "INV-1").code == 1


@pytest.mark.parametrize("word", ["receipt", "allocate", "unallocate", "reverse", "refund", "write-off"])
def test_help_has_an_example_for_each_command(counter: Counter, word: str) -> None:
    said = counter.say(word, "--help")
    assert said.code == 0
    assert f"\n    o2c {word} " in said.out


def test_closed_period_is_left_alone_and_the_correction_has_its_own_day(counter: Counter) -> None:
    """Complaints 42 and 43: an old invoice is paid and a reversal dated in the open period."""
    counter.done("2026-03-02", "receipt", "C1", "119.00", "--apply", "INV-1")
    with (counter.root / "manual" / "hand.beancount").open("a") as file:
        file.write('\n2026-04-01 custom "o2c-close" "2026-03" 2026-03-31 "closed"\n')
    assert "closed" in counter.refused("2026-03-31", "reverse", "RC-2026-0001", "--reason", "bounced")
    counter.done("2026-04-02", "reverse", "RC-2026-0001", "--reason", "bounced")
    assert counter.open()["INV-1"] == "119.00"
    assert "2026-04-02" in (counter.root / "journal" / "2026-04.beancount").read_text()
