"""The commands `dun ...` on books, by days, as somebody who collects uses them."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING
from typing import Any

import pypdf
import pytest

from o2c import books as door
from o2c import proposals
from o2c.dunning import run
from o2c.model.documents import Act
from o2c.model.text import day
from tests.scenarios.books import POLICIES
from tests.scenarios.books import Story

if TYPE_CHECKING:
    from pathlib import Path

DUNNING = """\
dunning:
  levels: [{after: 5, name: First reminder}, {after: 20, name: Second reminder}, {after: 40, name: Final reminder}]
  interval: 7
"""
ONE, TWO, OTHER = "INV-2026-0001", "INV-2026-0002", "INV-2026-0003"


class Collecting(Story):
    """Books and days, with words for dunning."""

    def items(self, *options: str) -> dict[str, dict[str, Any]]:
        """Give the rows of `dun list` by item."""
        return {row["item"]: row for row in self.json("dun", "list", *options)["rows"]}

    def why(self, item: str) -> str:
        """Tell why an item is not reminded on the day; empty where it is."""
        return str(self.items()[item]["why"])

    def proposed(self, *options: str) -> list[dict[str, Any]]:
        """Run, and give the proposals in which reminders wait."""
        found: list[dict[str, Any]] = self.json("dun", "propose", *options)["proposed"]
        return found

    def new(self) -> str:
        """Run, and give the number of the new proposal."""
        (number,) = (one["proposal"] for one in self.proposed() if not one["waited"])
        return str(number)

    def remind(self) -> str:
        """Run and post everything; gives the number of the proposal."""
        number = self.new()
        self("dun", "post", number, "--accept-all")
        return number


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Collecting(tmp_path_factory.mktemp("dun") / "books")
    made.master("policies", POLICIES + DUNNING)
    made.change("customers", "  payer: HOME\n", "")
    made.on("2026-03-01")
    for customer in ("HOME", "HOME", "BRANCH"):
        made.invoice("FREE 1 100.00", customer=customer, terms="immediate")
    return made.root


@pytest.fixture
def story(_made: Path, tmp_path: Path) -> Collecting:
    """Three invoices of 100.00 EUR, due on 1 March: two of HOME, one of BRANCH."""
    root = tmp_path / "books"
    shutil.copytree(_made, root)
    made = Collecting.__new__(Collecting)
    made.root, made.day = root, "2026-03-06"
    return made


def test_a_run_makes_a_line_for_each_customer_and_posts_nothing(story: Collecting) -> None:
    before = (story.root / "journal" / "2026-03.beancount").read_bytes()
    (made,) = story.proposed()
    assert [line["summary"] for line in made["lines"]] == [
        "BRANCH: First reminder, 100.00 EUR",
        "HOME: First reminder, 200.00 EUR",
    ]
    assert (story.root / "journal" / "2026-03.beancount").read_bytes() == before
    assert story.items()[ONE]["level"] == 0


def test_the_same_run_again_gives_the_same_proposal_and_so_does_a_later_one(story: Collecting) -> None:
    (first,) = story.proposed()
    (again,) = story.proposed()
    (later,) = story.on("2026-03-30").proposed()
    assert {one["proposal"] for one in (first, again, later)} == {"PR-2026-0001"}
    assert (first["waited"], again["waited"], later["waited"]) == (False, True, True)
    assert story.why(ONE) == "its reminder waits in PR-2026-0001"


def test_a_key_gives_the_proposal_of_that_key_whatever_became_of_it(story: Collecting) -> None:
    (first,) = story.proposed("--key", "monday")
    story("dun", "post", first["proposal"], "--accept-all")
    (again,) = story.proposed("--key", "monday")
    assert again["proposal"] == first["proposal"]


def test_a_dry_run_prints_the_notes_and_writes_nothing(story: Collecting) -> None:
    before = story.bytes()
    code, out, err = story.run("dun", "propose", "--customer", "HOME", "--dry-run")
    assert (code, out.count("#reminder"), out.count("BRANCH")) == (0, 2, 0)
    assert "dry run: nothing was written" in err
    assert story.bytes() == before


def test_an_item_of_later_is_proposed_beside_those_that_wait(story: Collecting) -> None:
    (first,) = story.proposed("--customer", "HOME")
    waiting, new = story.proposed()
    assert (waiting["proposal"], waiting["waited"]) == (first["proposal"], True)
    assert [line["summary"] for line in new["lines"]] == ["BRANCH: First reminder, 100.00 EUR"]


def test_posted_reminders_raise_the_level_and_begin_the_interval(story: Collecting) -> None:
    number = story.new()
    story.on("2026-03-20")("dun", "post", number, "--accept-all")
    row = story.items()[ONE]
    assert (row["level"], row["last_reminder"], row["next_level"], row["from"]) == (1, "2026-03-20", 2, "2026-03-27")
    assert story.on("2026-03-26").proposed() == []
    assert story.on("2026-03-27").remind() == "PR-2026-0002"
    assert story.items()[ONE]["level"] == 2


def test_posting_twice_posts_once(story: Collecting) -> None:
    number = story.remind()
    answer = story.json("dun", "post", number)
    assert answer["posted"] == []
    assert sorted(row["doc_id"] for row in answer["existed"]) == [ONE, TWO, OTHER]


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (("receipt", "HOME", "100.00 EUR", "--apply", ONE), "line 2 of PR-2026-0001 is stale: the books changed since"),
        (
            ("dun", "block", ONE, "--reason", "late"),
            f"asks HOME for {ONE}, but {ONE} is blocked: late; reject the line",
        ),
    ],
)
def test_a_line_whose_item_was_paid_or_blocked_after_the_run_is_refused(
    story: Collecting, deed: tuple[str, ...], said: str
) -> None:
    """Akaunting #259: a reminder although it is paid."""
    number = story.new()
    story("proposal", "accept", number)
    story(*deed)
    assert said in story.refused("dun", "post", number)
    assert said in story.refused("proposal", "post", number)


def test_a_customer_who_was_blocked_after_the_run_is_not_reminded(story: Collecting) -> None:
    number = story.new()
    story.on("2026-03-10")("dun", "block", "HOME", "--reason", "payment plan")
    said = f"line 2 of {number} asks HOME for {ONE}, but HOME is blocked: payment plan"
    assert said in story.refused("dun", "post", number, "--accept-all")
    assert said in story.refused("proposal", "post", number)
    assert story.json("dun", "propose")["overtaken"] == [{"proposal": number, "line": 2}]
    assert [row["doc_id"] for row in story.json("dun", "post", number, "--accept-all")["posted"]] == [OTHER]


def test_the_next_run_rejects_what_the_books_have_overtaken_and_looks_again(story: Collecting) -> None:
    number = story.new()
    story("proposal", "accept", number)
    story("receipt", "HOME", "100.00 EUR", "--apply", ONE)
    assert f"line 2 of {number} is stale" in story.refused("dun", "post", number)
    answer = story.json("dun", "propose")
    assert answer["overtaken"] == [{"proposal": number, "line": 2}]
    assert [[line["summary"] for line in one["lines"]] for one in answer["proposed"]] == [
        ["BRANCH: First reminder, 100.00 EUR"],
        ["HOME: First reminder, 100.00 EUR"],
    ]
    assert [row["doc_id"] for row in story.json("dun", "post", number)["posted"]] == [OTHER]


def test_money_that_came_after_the_run_and_nobody_applied_stops_the_reminder(story: Collecting) -> None:
    number = story.new()
    story("receipt", "HOME", "200.00 EUR")
    said = story.refused("dun", "post", number)
    assert f"line 2 of {number} asks HOME for {ONE}, but an unapplied credit of 200.00 EUR covers" in said
    story("proposal", "reject", number, "--line", "2", "--reason", "paid")
    story("dun", "post", number, "--accept-all")
    assert {item: row["level"] for item, row in story.items().items()} == {ONE: 0, TWO: 0, OTHER: 1}


def test_a_level_that_somebody_wrote_into_the_proposal_may_not_skip_one(story: Collecting) -> None:
    number = story.new()
    file = story.root / "proposals" / f"{number}.beancount"
    file.write_text(file.read_text("utf-8").replace("level: 1", "level: 3", 1), "utf-8")
    said = story.refused("proposal", "post", number, "--accept-all")
    assert f"line 1 of {number} reminds of {OTHER} at level 3, but level 1 comes next" in said


def test_a_run_of_an_earlier_day_does_not_remind_of_what_was_paid_since(story: Collecting) -> None:
    story.on("2026-03-10")("receipt", "HOME", "100.00 EUR", "--apply", ONE)
    story("dun", "block", TWO, "--reason", "sent late")
    (made,) = story.proposed("--date", "2026-03-08")
    assert [line["summary"] for line in made["lines"]] == ["BRANCH: First reminder, 100.00 EUR"]


def test_a_block_ends_by_itself_after_its_last_day(story: Collecting) -> None:
    story("dun", "block", "HOME", "--until", "2026-03-09", "--reason", "payment plan")
    assert story.why(ONE) == "HOME is blocked until 2026-03-09: payment plan"
    (made,) = story.proposed("--customer", "BRANCH")
    assert len(made["lines"]) == 1
    assert story.on("2026-03-09").why(TWO).startswith("HOME is blocked")
    assert story.on("2026-03-10").why(TWO) == ""


def test_a_block_is_set_once_and_ended_once(story: Collecting) -> None:
    assert story.posted("dun", "block", ONE, "--reason", "sent late") == [ONE]
    assert story.posted("dun", "block", ONE, "--reason", "sent late") == []
    assert story.posted("dun", "unblock", ONE, "--reason", "no matter") == [ONE]
    assert "is not blocked for dunning" in story.refused("dun", "unblock", ONE, "--reason", "again")
    assert story("check", "events").startswith("ok")


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("dun", "block", "INV-2026-0099", "--reason", "x"), "there is no customer, document or open item", 1),
        (("dun", "block", "HOME", "--reason", "x", "--until", "2026-03-05"), "name a later day", 1),
        (("dun", "block", "HOME"), "--reason", 2),
        (("dun", "propose", "--customer", "NOBODY"), "NOBODY", 1),
        (("dun", "post", "PR-2026-0099"), "there is no proposal PR-2026-0099", 1),
        (("dun", "list", "--as-of", "yesterday"), "--as-of", 2),
    ],
)
def test_what_makes_no_sense_is_refused(story: Collecting, arguments: tuple[str, ...], said: str, code: int) -> None:
    assert said in story.refused(*arguments, code=code)


def test_what_is_paid_cannot_be_blocked(story: Collecting) -> None:
    story("receipt", "HOME", "100.00 EUR", "--apply", ONE)
    assert "nobody would be reminded of it" in story.refused("dun", "block", ONE, "--reason", "x")


def test_without_levels_a_run_is_refused_and_says_what_to_write(story: Collecting) -> None:
    story.master("policies", POLICIES)
    assert "policies.yaml: there are no dunning levels; add a section" in story.refused("dun", "propose")
    assert story.why(ONE) == "master/policies.yaml has no `dunning` levels"


def test_a_proposal_of_another_kind_is_not_posted_nor_printed(story: Collecting, tmp_path: Path) -> None:
    act = Act("anna", "2026-03-06T09:00:00Z", "close propose")
    loaded = door.load(story.root)
    found = run.look(story.root, loaded, act, day("2026-03-06"))
    other = proposals.propose(story.root, loaded, "accruals", day("2026-03-06"), act, found.parts)
    said = f"{other.proposal_id} is a proposal of accruals, not of dunning"
    assert said in story.refused("dun", "post", other.proposal_id)
    assert said in story.refused("dun", "letters", other.proposal_id, "--folder", str(tmp_path / "letters"))


def test_the_index_and_a_full_load_propose_the_same(story: Collecting) -> None:
    story("receipt", "HOME", "30.00 EUR", "--apply", ONE)
    story("dun", "block", TWO, "--until", "2026-03-12", "--reason", "sent late")
    by_hand = (
        '2026-03-05 note Assets:AR:BRANCH "Disputed" #dispute-opened\n  subject: "INV-2026-0003"\n  amount: 60.00 EUR\n'
    )
    (story.root / "manual" / "disputes.beancount").write_text(by_hand, "utf-8")
    act, on = Act("anna", why="dun propose"), day("2026-03-06")
    indexed, loaded = door.opened(story.root), door.load(story.root)
    assert type(indexed) is not type(loaded)
    by_index, by_load = (run.look(story.root, one, act, on) for one in (indexed, loaded))
    assert [part.summary for part in by_index.parts] == [
        "BRANCH: First reminder, 40.00 EUR",
        "HOME: First reminder, 70.00 EUR",
    ]
    assert by_index.parts == by_load.parts
    assert by_index.items == by_load.items


def test_the_list_adds_nothing_across_currencies_and_shows_only_what_is_due_if_asked(story: Collecting) -> None:
    story.on("2026-03-01").invoice("FREE 1 50.00", customer="DOLLAR", terms="immediate")
    story.on("2026-03-06")("dun", "block", "HOME", "--reason", "plan")
    table = story.json("dun", "list")
    assert [(row["currency"], row["asked"]) for row in table["totals"]] == [("EUR", "300.00"), ("USD", "50.00")]
    assert sorted(story.items("--due")) == [OTHER, "INV-2026-0004"]
    assert sorted(story.items("--customer", "DOLLAR")) == ["INV-2026-0004"]


def test_the_letters_ask_for_exactly_what_was_reminded_and_is_still_owed(story: Collecting, tmp_path: Path) -> None:
    story("dun", "block", TWO, "--reason", "sent late")
    number, folder = story.new(), tmp_path / "letters"
    said = story.refused("dun", "letters", number, "--folder", str(folder))
    assert f"nothing of {number} is posted by 2026-03-06" in said
    story("dun", "post", number, "--accept-all")
    story("receipt", "HOME", "25.00 EUR", "--apply", ONE)
    story("receipt", "BRANCH", "100.00 EUR", "--apply", OTHER)
    by_hand = f'2026-03-06 note Assets:AR:HOME "Disputed" #dispute-opened\n  subject: "{ONE}"\n  amount: 5.00 EUR\n'
    (story.root / "manual" / "disputes.beancount").write_text(by_hand, "utf-8")
    code, out, err = story.run("dun", "letters", number, "--folder", str(folder))
    assert code == 0
    assert [path.name for path in folder.iterdir()] == ["HOME-REMINDER-1-20260306.pdf"]
    assert "HOME-REMINDER-1-20260306.pdf" in out
    assert "BRANCH: nothing is left to ask for on 2026-03-06; no letter" in err
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(folder / "HOME-REMINDER-1-20260306.pdf").pages)
    assert ONE in text
    assert TWO not in text
    assert set(re.findall(r"\d+[.,]\d\d\b", text)) in ({"70.00"}, {"70,00"})


def text_of(file: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages).replace("\u00a0", " ")


def amounts(text: str) -> set[str]:
    return set(re.findall(r"-?\d+[.,]\d\d\b", text.replace(",", ".").replace("\u2212", "-")))


def test_the_letters_take_off_what_came_since_and_nobody_applied(story: Collecting, tmp_path: Path) -> None:
    number, folder = story.remind(), tmp_path / "letters"
    story("receipt", "HOME", "30.00 EUR")
    story("receipt", "BRANCH", "100.00 EUR")
    code, _, err = story.run("dun", "letters", number, "--folder", str(folder))
    assert (code, [path.name for path in folder.iterdir()]) == (0, ["HOME-REMINDER-1-20260306.pdf"])
    assert "BRANCH: nothing is left to ask for on 2026-03-06; no letter" in err
    text = text_of(folder / "HOME-REMINDER-1-20260306.pdf")
    assert "RC-2026-0001" in text
    assert amounts(text) == {"100.00", "200.00", "-30.00", "170.00"}


def test_a_single_reminder_asks_for_what_is_left_after_disputes_and_credits(story: Collecting, tmp_path: Path) -> None:
    by_hand = f'2026-03-06 note Assets:AR:HOME "Disputed" #dispute-opened\n  subject: "{ONE}"\n  amount: 100.00 EUR\n'
    (story.root / "manual" / "disputes.beancount").write_text(by_hand, "utf-8")
    story("receipt", "HOME", "30.00 EUR")
    story("receipt", "BRANCH", "30.00 EUR")
    file = tmp_path / "r.pdf"
    story("document", "reminder", "HOME", "--level", "2", "-o", str(file))
    text = text_of(file)
    assert (ONE in text, TWO in text, "RC-2026-0001" in text, "RC-2026-0002" in text) == (False, True, True, False)
    assert amounts(text) == {"100.00", "-30.00", "70.00"}


def test_a_single_reminder_is_refused_where_credits_cover_all_or_all_is_disputed(
    story: Collecting, tmp_path: Path
) -> None:
    by_hand = (
        f'2026-03-06 note Assets:AR:BRANCH "Disputed" #dispute-opened\n  subject: "{OTHER}"\n  amount: 100.00 EUR\n'
    )
    (story.root / "manual" / "disputes.beancount").write_text(by_hand, "utf-8")
    story("receipt", "HOME", "200.00 EUR")
    ask = ("--level", "1", "-o", str(tmp_path / "r.pdf"))
    assert "credits of HOME that are not used yet cover all" in story.refused("document", "reminder", "HOME", *ask)
    assert "is disputed or promised" in story.refused("document", "reminder", "BRANCH", *ask)
    assert not (tmp_path / "r.pdf").exists()


def test_a_run_every_week_leaves_levels_in_the_ledger_that_go_up_by_one(story: Collecting) -> None:
    deeds = {
        "2026-03-20": ("receipt", "HOME", "40.00 EUR", "--apply", TWO),
        "2026-04-03": ("dun", "block", "BRANCH", "--until", "2026-04-20", "--reason", "plan"),
        "2026-04-10": ("receipt", "HOME", "100.00 EUR", "--apply", ONE),
    }
    for on in ("2026-03-06", "2026-03-13", "2026-03-20", "2026-03-27", "2026-04-03", "2026-04-10", "2026-05-01"):
        story.on(on)
        story(*deeds.get(on, ("dun", "list")))
        if any(not one["waited"] for one in story.proposed()):
            story("dun", "post", story.proposed()[-1]["proposal"], "--accept-all")
    events = door.load(story.root).events("reminder")
    told = {
        item: [(f"{one.date:%m-%d}", str(dict(one.extra)["level"]), str(dict(one.extra)["amount"])) for one in notes]
        for item, notes in events.items()
    }
    assert told == {
        ONE: [("03-06", "1", "100.00 EUR"), ("03-27", "2", "100.00 EUR")],
        TWO: [("03-06", "1", "100.00 EUR"), ("03-27", "2", "60.00 EUR"), ("04-10", "3", "60.00 EUR")],
        OTHER: [("03-06", "1", "100.00 EUR"), ("03-27", "2", "100.00 EUR"), ("05-01", "3", "100.00 EUR")],
    }
