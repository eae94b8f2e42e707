"""`o2c send` and `o2c outbox`, against a real mail server: each document arrives once, and every doubt is shown."""

from __future__ import annotations

import email
import json
from datetime import date
from email import policy
from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import delivered
from tests.sending.conftest import PDF
from tests.sending.conftest import Post
from tests.sending.conftest import issue
from tests.sending.post_office import HANG_UP
from tests.sending.post_office import TAKE_AND_HANG_UP

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from pathlib import Path

    from tests.faults.small_shop import Shop

INVOICE, SECOND = "INV-2026-0001", "INV-2026-0002"


def opened(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=policy.default)  # type: ignore[return-value] # what this policy makes


def words(mail: EmailMessage, kind: str = "plain") -> str:
    return str(mail.get_body((kind,)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr] # every mail has both


def name(shop: Shop, number: str = INVOICE) -> str:
    said = json.loads(shop.did("outbox", "list", "--all", "--json"))
    return next(message["name"] for message in said["messages"] if message["document"] == number)


def state(shop: Shop, number: str = INVOICE) -> str:
    said = json.loads(shop.did("outbox", "list", "--all", "--json"))
    return next(message["state"] for message in said["messages"] if message["document"] == number)


def test_an_invoice_reaches_the_billing_contact_byte_for_byte_and_the_ledger_says_so(
    post: Post, notes: Callable[[Shop], list[str]]
) -> None:
    said = post.shop.did("send", INVOICE)
    assert said == f"{INVOICE}  sent  billing@acme.example  250 taken\n"
    (taken,) = post.clerk.taken
    assert (taken.sender, taken.to) == ("invoices@seller.example", ["billing@acme.example"])
    mail = opened(taken.content)
    assert mail["Subject"] == f"Invoice {INVOICE}"
    assert mail["To"] == "Inga Petersen <billing@acme.example>"
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == PDF
    assert attached.get_filename() == f"{INVOICE}.pdf"
    text = words(mail)
    assert text.startswith("Dear Inga Petersen,\n\nplease find invoice INV-2026-0001 of March 2, 2026 attached.")
    assert "Amount: €119.00\nDue: April 1, 2026\nReference for your transfer: RF16 INV2 0260 001\n" in text
    assert notes(post.shop) == [INVOICE]
    (note,) = [entry for entry in post.shop.loaded() if "sent" in (getattr(entry, "tags", None) or ())]
    assert note.meta["to"] == "billing@acme.example"
    assert note.meta["message-id"] == mail["Message-ID"]
    assert post.shop.did("check").count("FAIL") == 0


def test_sending_twice_sends_once_and_again_is_a_decision(post: Post, notes: Callable[[Shop], list[str]]) -> None:
    for _ in range(2):
        post.shop.did("send", INVOICE)
    assert len(post.clerk.taken) == 1
    post.shop.did("send", INVOICE, "--again")
    ids = [opened(taken.content)["Message-ID"] for taken in post.clerk.taken]
    assert len(set(ids)) == 2
    assert notes(post.shop) == [INVOICE, INVOICE]


def test_a_month_is_sent_and_sent_again_is_nothing(post: Post, notes: Callable[[Shop], list[str]]) -> None:
    assert post.shop.did("send", "--until", "2026-03-31").count("  sent  ") == 2
    assert post.shop.did("send", "--until", "2026-03-31") == "nothing to send\n"
    assert len(post.clerk.taken) == 2
    assert notes(post.shop) == [INVOICE, "INV-2026-0002"]


def test_a_refused_receiver_is_said_and_can_be_tried_again(post: Post, notes: Callable[[Shop], list[str]]) -> None:
    post.clerk.script["RCPT"] = "550 no such person"
    answer = post.shop.run("send", INVOICE)
    assert answer.code == 4
    assert "receiver billing@acme.example: 550 no such person" in answer.out
    assert "o2c outbox retry" in answer.err
    assert state(post.shop) == "refused"
    assert post.shop.run("send", INVOICE).code == 4, "a refused message is not sent again by itself"
    post.clerk.script.clear()
    post.shop.did("outbox", "retry", name(post.shop))
    assert len(post.clerk.taken) == 1
    assert notes(post.shop) == [INVOICE]


@pytest.mark.parametrize("answer", [HANG_UP, TAKE_AND_HANG_UP])
@pytest.mark.parametrize("arrived", [True, False])
def test_a_doubt_is_decided_by_a_person_and_never_by_sending_again(
    post: Post, notes: Callable[[Shop], list[str]], answer: str, arrived: bool
) -> None:
    post.clerk.script["dot"] = answer
    said = post.shop.run("send", INVOICE)
    assert said.code == 4
    assert "uncertain" in said.out
    post.clerk.script.clear()
    before = len(post.clerk.taken)
    assert post.shop.run("send", INVOICE).code == 4
    post.shop.did("outbox", "retry")
    assert len(post.clerk.taken) == before, "nothing was sent on suspicion"
    assert notes(post.shop) == []
    post.shop.did("outbox", "resolve", name(post.shop), "--sent" if arrived else "--not-sent", "--reason", "I asked")
    post.shop.did("outbox", "retry")
    assert len(post.clerk.taken) == before + (0 if arrived else 1)
    assert notes(post.shop) == [INVOICE]


def test_a_server_that_is_down_leaves_the_message_queued_with_the_same_name(post: Post) -> None:
    post.clerk.script["banner"] = "421 closed for today"
    assert post.shop.run("send", INVOICE).code == 4
    first = name(post.shop)
    assert state(post.shop) == "queued"
    post.clerk.script.clear()
    assert "  sent  " in post.shop.did("outbox", "retry")
    assert name(post.shop) == first


def test_without_a_mail_server_a_mail_program_can_open_the_message(
    shop: Shop, notes: Callable[[Shop], list[str]]
) -> None:
    said = shop.did("send", INVOICE)
    file = shop.root / said.split()[-1]
    assert "laid down" in said
    mail = opened(file.read_bytes())
    assert mail["To"] == "Inga Petersen <billing@acme.example>"
    assert notes(shop) == []
    shop.did("outbox", "resolve", name(shop), "--sent", "--reason", "with my own program")
    assert notes(shop) == [INVOICE]


def test_many_that_a_mail_program_sent_are_told_at_once_and_one_unknown_name_changes_nothing(
    shop: Shop, notes: Callable[[Shop], list[str]]
) -> None:
    shop.did("send", "--until", "2026-03-31")
    names = [name(shop, INVOICE), name(shop, SECOND)]
    shop.refused("outbox", "resolve", *names, "INV-2026-0009-00000000", "--sent", "--reason", "mine", code=1)
    assert notes(shop) == []
    assert shop.did("outbox", "resolve", *names, "--sent", "--reason", "mine").count("  sent  ") == 2
    assert notes(shop) == [INVOICE, SECOND]


def test_a_month_is_that_of_the_documents_though_they_are_drawn_in_the_next(shop: Shop) -> None:
    april = ("--today", "2026-04-02", "--now", "2026-04-02T09:00:00Z")
    delivered(shop, 1)
    shop.did("invoice", "run")
    early = shop.run("send", "--until", "2026-03-31", "--dry-run")
    assert "INV-2026-0003 is not issued yet; `o2c document render --until 2026-03-31` does that" in early.err
    assert "INV-2026-0003  to" not in early.out
    issue(shop, "INV-2026-0003", day=date(2026, 4, 2))
    late = shop.run(*april, "send", "--until", "2026-03-31", "--dry-run")
    assert late.out.count("  to billing@acme.example  ") == 3
    assert "not issued" not in late.err
    assert shop.did(*april, "send", "--until", "2026-03-01", "--dry-run") == ""


def test_a_document_that_was_not_issued_is_refused_with_the_command_that_does_it(post: Post) -> None:
    assert "o2c document render DN-2026-0001" in post.shop.refused("send", "DN-2026-0001", code=1)
    assert "no document 'INV-2026-0009'" in post.shop.refused("send", "INV-2026-0009", code=1)


def test_a_stored_file_that_was_changed_never_leaves_the_house(post: Post) -> None:
    (post.shop.root / "documents" / f"{INVOICE}.pdf").write_bytes(PDF + b" ")
    assert "this is not what was issued" in post.shop.refused("send", INVOICE, code=1)
    (post.shop.root / "documents" / f"{INVOICE}.pdf").unlink()
    assert "cannot be read" in post.shop.refused("send", INVOICE, code=1)
    assert post.clerk.taken == []


def test_one_customer_without_an_address_does_not_stop_the_others(post: Post) -> None:
    post.shop.order("{customer: C2, lines: [{sku: P-1, quantity: 1}]}", "--confirm")
    post.shop.did("deliver", "--all")
    post.shop.did("invoice", "run")
    issue(post.shop, "INV-2026-0003", customer="C2")
    answer = post.shop.run("send", "--until", "2026-03-31")
    assert answer.code == 1
    assert answer.out.count("  sent  ") == 2
    assert "C2 has no contact with a mail address for billing" in answer.err


def test_a_dry_run_queues_nothing(post: Post) -> None:
    before = post.shop.files()
    said = post.shop.did("send", INVOICE, "--dry-run")
    assert said.startswith(f"{INVOICE}  to billing@acme.example  Invoice {INVOICE}  ")
    assert post.shop.files() == before
    assert post.clerk.taken == []


def test_a_dry_run_answers_as_data_what_would_go_and_what_is_left_out_and_why(post: Post) -> None:
    before = post.shop.files()
    answer = post.shop.run("send", INVOICE, "DN-2026-0001", "--dry-run", "--json")
    said = json.loads(answer.out)
    (would,), (left,) = said["messages"], said["left_out"]
    assert (answer.code, said["dry_run"]) == (1, True)
    assert (would["document"], would["to"], would["subject"]) == (
        INVOICE,
        ["billing@acme.example"],
        f"Invoice {INVOICE}",
    )
    assert left["document"] == "DN-2026-0001"
    assert "o2c document render DN-2026-0001" in left["why"]
    assert post.shop.files() == before


def test_what_is_left_out_is_said_as_data_even_where_nothing_goes(post: Post) -> None:
    answer = post.shop.run("send", "DN-2026-0001", "--json")
    said = json.loads(answer.out)
    assert (answer.code, said["messages"], [one["document"] for one in said["left_out"]]) == (1, [], ["DN-2026-0001"])
    assert "1 left out" in answer.err


@pytest.mark.parametrize(
    "address",
    ["a@b.example,c@d.example", "a@b.example;c@d.example", "A <a@b.example>", "a@b.example\r\nBcc: c@d.example",
     "list: a@b.example;", '"a b"@c.example', "a@b", "", "ann@ex\u0430mple.com"],
)  # fmt: skip
def test_an_address_that_is_not_exactly_one_is_refused(post: Post, address: str) -> None:
    answer = post.shop.run("send", INVOICE, "--to", address)
    assert answer.code in {1, 2}
    assert post.clerk.taken == []


@pytest.mark.parametrize("person", ["boss@bank.example", 'A", "b@c.example', "x" * 900, "Ünï <b@c.example>", "نور"])
def test_a_name_beside_the_address_adds_no_receiver(post: Post, person: str) -> None:
    customers = post.shop.root / "master" / "customers.yaml"
    quoted = json.dumps(person, ensure_ascii=False)
    customers.write_text(customers.read_text().replace("name: Inga Petersen", f"name: {quoted}"))
    answer = post.shop.run("send", INVOICE)
    if answer.code == 0:
        (taken,) = post.clerk.taken
        assert taken.to == ["billing@acme.example"]
        assert [address.addr_spec for address in opened(taken.content)["To"].addresses] == ["billing@acme.example"]
    else:
        assert post.clerk.taken == []
        assert "Traceback" not in answer.err


def test_data_are_never_a_template(post: Post) -> None:
    customers = post.shop.root / "master" / "customers.yaml"
    customers.write_text(customers.read_text().replace("name: Inga Petersen", "name: '{{ 7*7 }}<script>'"))
    post.shop.did("send", INVOICE)
    mail = opened(post.clerk.taken[0].content)
    assert "{{ 7*7 }}<script>" in words(mail)
    assert "{{ 7*7 }}&lt;script&gt;" in words(mail, "html")


def test_a_company_overrides_the_words_and_a_fault_in_them_is_named(post: Post) -> None:
    own = post.shop.root / "templates" / "mail"
    own.mkdir(parents=True)
    (own / "invoice.en.txt").write_text("Subject: Your invoice\n\nHello {{ numbr }}\n")
    assert "templates/mail/invoice.en.txt" in post.shop.refused("send", INVOICE, code=1)
    (own / "invoice.en.txt").write_text("Subject: Your invoice\n\nHello, here is {{ number }}.\n")
    post.shop.did("send", INVOICE)
    mail = opened(post.clerk.taken[0].content)
    assert mail["Subject"] == "Your invoice"
    assert words(mail) == f"Hello, here is {INVOICE}.\n"


def test_a_password_that_others_can_read_is_refused_and_never_shown(post: Post, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret-word\n")
    secret.chmod(0o644)
    company = post.shop.root / "master" / "company.yaml"
    company.write_text(
        company.read_text().replace("security: none", f"security: none, user: me, password_file: {secret}")
    )
    said = post.shop.refused("send", INVOICE, code=1)
    assert "chmod 600" in said
    secret.chmod(0o600)
    answer = post.shop.run("send", INVOICE)  # this server knows no login
    assert answer.code == 4
    assert "s3cret-word" not in said + answer.out + answer.err
    assert all(b"s3cret-word" not in content for content in post.shop.files().values())


def test_a_damaged_state_is_refused_and_names_its_file(post: Post) -> None:
    post.clerk.script["banner"] = "421 closed"
    post.shop.run("send", INVOICE)
    file = post.shop.root / "outbox" / f"{name(post.shop)}.json"
    whole = file.read_bytes()
    for cut in (0, 1, len(whole) // 2, len(whole) - 3):
        file.write_bytes(whole[:cut])
        answer = post.shop.run("outbox", "list")
        assert answer.code == 1
        assert file.name in answer.err
    assert post.clerk.taken == []
