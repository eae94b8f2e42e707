"""The command `o2c customer`, as a user meets it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from o2c import master
from o2c.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

NEW = """\
C0100:
  name: Seifert Buchhandlung
  address: {postcode: "20354", city: Hamburg, country: DE}
  terms: net30
  currency: EUR
"""
CSV = "code,name,legal_name,address.lines,address.postcode,address.country,contact.email,tax_ids,terms,currency\n"


@pytest.fixture
def o2c(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the books; gives exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--books", str(root), "customer", *words])
        return int(end.value.code or 0), *capsys.readouterr()

    return run


def test_the_list_can_be_narrowed(o2c: Run) -> None:
    code, out, _ = o2c("list", "--country", "FR", "--json")

    assert code == 0
    assert [row["customer"] for row in json.loads(out)["rows"]] == ["C0008", "C0009", "C0010", "C0011"]


def test_a_customer_is_shown_with_partners_and_place(o2c: Run) -> None:
    code, out, _ = o2c("show", "C0009", "--json")

    facts = {row["field"]: row["value"] for row in json.loads(out)["rows"]}
    assert code == 0
    assert facts["payer"] == "C0008 Groupe Rive Claire"
    assert facts["tax region"] == "eu-business"
    assert facts["source"].startswith("master/customers.yaml:")


def test_an_unknown_customer_exits_1_with_a_hint(o2c: Run) -> None:
    assert o2c("show", "C00O9")[::2] == (1, "there is no customer 'C00O9'; did you mean C0019 or C0009?\n")


def test_a_customer_is_added_from_standard_input_and_its_likeness_is_named(
    o2c: Run, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NEW.encode())))

    code, out, err = o2c("add", "-", "--json")

    assert code == 0
    assert json.loads(out)["posted"][0] | {"line": 0} == {
        "doc_id": "C0100",
        "doc_type": "customer",
        "file": "master/customers.yaml",
        "line": 0,
    }
    assert "C0005 and C0100 are probably one customer" in err
    assert master.load(root).customer("C0100").name == "Seifert Buchhandlung"


def test_adding_twice_says_that_it_was_there(o2c: Run, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(NEW)

    assert o2c("add", str(tmp_path / "new.yaml"))[1].startswith("added C0100")
    assert o2c("add", str(tmp_path / "new.yaml"))[:2] == (
        0,
        "C0100 Seifert Buchhandlung was there already (master/customers.yaml:487)\n",
    )


def test_a_wrong_file_exits_1_with_all_places(o2c: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(NEW.replace("net30", "net31").replace("EUR", "euro"))

    code, _, err = o2c("add", str(path))

    assert code == 1
    assert [line.split(": ")[0] for line in err.splitlines()] == [f"{path}:4:10", f"{path}:5:13"]


def test_an_edit_is_shown_by_a_dry_run_and_then_made(o2c: Run, root: Path) -> None:
    _, out, _ = o2c("edit", "C0001", "--set", "terms=net14", "--dry-run")
    assert "+  terms: net14" in out
    assert master.load(root).customer("C0001").terms == "net30"

    assert o2c("edit", "C0001", "--set", "terms=net14")[:2] == (
        0,
        "changed C0001 Alsterlicht Einrichtungen (master/customers.yaml:18)\n",
    )
    assert master.load(root).customer("C0001").terms == "net14"


def test_an_edit_without_a_terminal_is_wrong_usage(o2c: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    assert o2c("edit", "C0001")[0] == 2
    assert o2c("edit", "C0001", "--set", "terms=net14", "--from", "x")[0] == 2


def test_a_csv_file_is_imported_whole(o2c: Run, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(
        CSV
        + 'K1,"Müller, Söhne",,Weg 1; Hof 2,01234,DE,a@b.example,DE136695976,net30,EUR\nK2,Meier,,,,AT,,,net14,EUR\n'
    )

    assert o2c("import", str(path))[0] == 0
    one = master.load(root).customer("K1")
    assert (one.name, one.legal_name, one.address.lines, one.address.postcode) == (
        "Müller, Söhne",
        "Müller, Söhne",
        ("Weg 1", "Hof 2"),
        "01234",
    )
    assert (one.contacts[0].role, one.contacts[0].email, one.tax_ids) == ("billing", "a@b.example", ("DE136695976",))


def test_a_csv_file_with_faults_imports_nothing_and_names_every_row(o2c: Run, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(CSV + "K1,Meier,,,,DE,,,net30,EUR\nK2,Meier,,,,XX,,,net30,EUR\nK3,Meier,,,,DE,,,net30,euro\n")

    code, _, err = o2c("import", str(path))

    assert code == 1
    assert [line.split(": ")[0] for line in err.splitlines()] == ["new.csv:3:1", "new.csv:4:1"]
    assert "K1" not in master.load(root).customers


def test_unknown_and_missing_columns_are_named(o2c: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("code,name,zip\nK1,Meier,1\n")

    code, _, err = o2c("import", str(path))

    assert code == 1
    assert "there is no column terms; add it" in err
    assert "the column 'zip' is not known" in err


def test_a_postcode_that_a_workbook_holds_as_number_is_refused(o2c: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name", "address.country", "address.postcode", "terms", "currency"])
        sheet.write_row(1, 0, ["K1", "Meier", "DE", 1234, "net30", "EUR"])

    code, _, err = o2c("import", str(path))

    assert code == 1
    assert f"{path}:2: address.postcode is a number in the workbook" in err


def test_a_workbook_is_imported(o2c: Run, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for column, (name, value) in enumerate(
            {
                "code": "K1",
                "name": "Meier",
                "address.country": "DE",
                "terms": "net30",
                "currency": "EUR",
                "external_ids": 4711,
            }.items()
        ):
            sheet.write(0, column, name)
            sheet.write(1, column, value)

    assert o2c("import", str(path))[0] == 0
    assert master.load(root).customer("K1").external_ids == ("4711",)


def test_a_yaml_file_of_many_is_imported(o2c: Run, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(NEW + NEW.replace("C0100", "C0101"))

    assert o2c("import", str(path))[0] == 0
    assert {"C0100", "C0101"} <= master.load(root).customers.keys()
    assert o2c("add", str(path))[0] == 1


def test_the_check_proposes_and_only_wrong_digits_fail(o2c: Run, root: Path) -> None:
    code, out, _ = o2c("check", "--json")
    assert code == 0
    assert [(row["check"], row["customer"]) for row in json.loads(out)["rows"]][:2] == [
        ("duplicate", "C0005"),
        ("incomplete", "C0024"),
    ]

    path = root / "master" / "customers.yaml"
    path.write_text(path.read_text("utf-8").replace("DE375749118", "DE375749117"), "utf-8")
    code, out, _ = o2c("check")
    assert code == 1
    assert "DE375749117 has wrong check digits" in out


def test_broken_master_data_exit_3_with_all_places(o2c: Run, root: Path) -> None:
    (root / "master" / "terms.yaml").write_text("net30: {text: x, net_days: soon}\nnet30: {}\n")

    code, _, err = o2c("list")

    assert code == 3
    assert err.startswith("master/customers.yaml:")
    assert "master/terms.yaml:2:1" in err
