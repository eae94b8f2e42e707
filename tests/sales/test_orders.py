"""Orders: taken in, confirmed, amended, held, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.books import load
from o2c.model import progress

if TYPE_CHECKING:
    from tests.scenarios.books import Story


def state(story: Story, order: str) -> str:
    facts = load(story.root).facts
    return progress.state(facts.document(order), facts.events[order])


_LAMP_FROM_MAY = "prices: {LAMP: [{price: 39.90, from: 2026-05-01}]}"


def draft(story: Story, *lines: str, **head: str) -> str:
    return story.posted("order", "import", str(story.order_file(*lines, **head)))[0]


def test_an_order_is_a_draft_until_it_is_confirmed(story: Story) -> None:
    order = draft(story, "LAMP 3")
    assert state(story, order) == "draft"
    story("order", "confirm", order)
    assert state(story, order) == "confirmed"


def test_an_order_has_no_effect_on_any_account(story: Story) -> None:
    story.order("LAMP 3", "TEA 2")
    assert story.balances() == {}
    assert story.open() == {}


def test_prices_and_tax_codes_come_from_the_master_data(story: Story) -> None:
    lines = story.document(draft(story, "LAMP 3", "TEA 2 11.85")).lines
    assert [(line.sku, str(line.price), str(line.net), line.tax_code) for line in lines] == [
        ("LAMP", "39.90 EUR", "119.70 EUR", "STANDARD"),
        ("TEA", "11.85 EUR", "23.70 EUR", "REDUCED"),
    ]


def test_the_same_file_is_taken_in_only_once(story: Story) -> None:
    file = str(story.order_file("LAMP 3", number="WEB-1"))
    assert story.posted("order", "import", file) == ["SO-2026-0001"]
    before = story.bytes()
    assert story.posted("order", "import", file) == []
    assert story.bytes() == before


def test_a_number_used_before_with_other_content_is_refused_with_what_to_do(story: Story) -> None:
    order = draft(story, "LAMP 3", number="WEB-1")
    told = story.refused("order", "import", str(story.order_file("LAMP 4", number="WEB-1")))
    assert told.startswith(f"{story.root.parent / 'order.yaml'}:1:")
    assert f"o2c order amend {order}" in told


def test_two_customers_may_use_the_same_number(story: Story) -> None:
    draft(story, "LAMP 3", number="WEB-1")
    assert draft(story, "LAMP 4", number="WEB-1", customer="BRANCH") == "SO-2026-0002"


def test_orders_without_a_number_of_their_own_are_all_taken_in(story: Story) -> None:
    assert (draft(story, "LAMP 3"), draft(story, "LAMP 3")) == ("SO-2026-0001", "SO-2026-0002")


def test_the_old_file_after_an_amendment_is_still_the_order_it_was(story: Story) -> None:
    order = draft(story, "LAMP 3", number="WEB-1")
    story("order", "amend", order, str(story.order_file("LAMP 5", number="WEB-1")))
    assert story.posted("order", "import", str(story.order_file("LAMP 3", number="WEB-1"))) == []


def test_an_amended_order_must_be_confirmed_again(story: Story) -> None:
    order = story.order("LAMP 3", number="WEB-1")
    story("order", "amend", order, str(story.order_file("LAMP 5", number="WEB-1")))
    assert state(story, order) == "draft"
    assert (story.document(order).version, story.document(order).lines[0].quantity) == (2, 5)
    assert "only confirmed orders are delivered" in story.refused("deliver", order)
    story("order", "confirm", order)
    assert state(story, order) == "confirmed"


def test_amending_to_the_same_content_writes_nothing(story: Story) -> None:
    order = story.order("LAMP 3")
    before = story.bytes()
    assert story.posted("order", "amend", order, str(story.order_file("LAMP 3"))) == []
    assert story.bytes() == before


@pytest.mark.parametrize("lines", [["LAMP 1"], ["TEA 5"], ["TEA 1", "LAMP 3"]])
def test_an_amendment_keeps_what_was_delivered(story: Story, lines: list[str]) -> None:
    order = story.order("LAMP 3")
    story("deliver", order, "--line", "1=2")
    assert "keep at least these" in story.refused("order", "amend", order, str(story.order_file(*lines)))


def test_an_amendment_down_to_what_was_delivered_closes_the_line(story: Story) -> None:
    order = story.order("LAMP 3")
    story("deliver", order, "--line", "1=2")
    story("order", "amend", order, str(story.order_file("LAMP 2")))
    story("order", "confirm", order)
    assert "delivered in full" in story.refused("deliver", order)


def test_an_order_does_not_change_its_customer(story: Story) -> None:
    order = story.order("LAMP 3")
    told = story.refused("order", "amend", order, str(story.order_file("LAMP 3", customer="BRANCH")))
    assert "an order of HOME" in told


def test_a_price_within_the_tolerance_is_confirmed(story: Story) -> None:
    story("order", "confirm", draft(story, "LAMP 3 39.51"))  # 1 % of 39.90 is 0.399


def test_a_price_outside_the_tolerance_needs_a_person_to_accept_it(story: Story) -> None:
    order = draft(story, "LAMP 3 39.50")
    told = story.refused("order", "confirm", order)
    assert "39.50 EUR differs from the list, 39.90 EUR" in told
    story("order", "confirm", order, "--accept-prices", "--why", "agreed by telephone")
    assert state(story, order) == "confirmed"
    assert load(story.root).facts.events[order][-1].act.why == "agreed by telephone"


def test_a_line_without_any_price_is_incomplete(story: Story) -> None:
    order = draft(story, "TEN 3")
    assert (
        story.refused("order", "confirm", order)
        .strip()
        .endswith(
            "line 1: TEN has no price in the price list standard of customer HOME; "
            "add one under standard in master/prices.yaml, or amend the order with a price"
        )
    )


def test_a_price_list_in_another_currency_or_from_another_day_is_named(story: Story) -> None:
    told = story.refused("order", "confirm", draft(story, "LAMP 3", currency="GBP"))
    assert "LAMP has no price in GBP: the price list standard of customer HOME is in EUR; name a list in GBP" in told
    story.change("prices", "prices: {LAMP: 39.90, TEA: 11.90, WORK: 78.00}", _LAMP_FROM_MAY)
    told = story.refused("order", "confirm", draft(story, "LAMP 3"))
    assert "LAMP has no price for 3 on 2026-03-02 in the price list standard of customer HOME" in told


def test_a_customer_without_a_price_list_is_named(story: Story) -> None:
    story.change("customers", "  price_list: standard\n", "")
    order = draft(story, "LAMP 3")
    told = story.refused("order", "confirm", order)
    assert "as customer HOME has no price list; give HOME a price_list in master/customers.yaml" in told


def test_everything_that_is_missing_is_said_at_once(story: Story) -> None:
    story.change("customers", "HOME:\n", "HOME:\n  po_required: yes\n  status: blocked\n")
    told = story.refused("order", "confirm", draft(story, "TEN 3", "LAMP 3 20.00")).splitlines()
    assert [
        what
        for line, what in zip(told, ("blocked", "its order number", "no price", "differs"), strict=True)
        if what in line
    ]
    assert len(told) == 4


def test_confirming_all_leaves_the_incomplete_ones_as_drafts(story: Story) -> None:
    good, bad = draft(story, "LAMP 1"), draft(story, "TEN 1")
    code, out, err = story.run("order", "confirm", "--all")
    assert (code, state(story, good), state(story, bad)) == (1, "confirmed", "draft")
    assert good in out
    assert f"left as draft: {bad}" in err


def test_confirming_twice_writes_nothing(story: Story) -> None:
    order = story.order("LAMP 1")
    assert story.posted("order", "confirm", order) == []


def test_one_faulty_order_of_a_file_keeps_all_of_it_out_and_all_faults_are_named(story: Story) -> None:
    file = story.root.parent / "orders.csv"
    file.write_text("order,customer,sku,quantity\nA,HOME,LAMP,1\nB,NOBODY,LAMP,1\nC,HOME,CHAIR,1\nD,HOME,LAMP,0\n")
    told = story.refused("order", "import", str(file))
    assert "quantity: 0 is not more than zero" in told
    file.write_text("order,customer,sku,quantity\nA,HOME,LAMP,1\nB,NOBODY,LAMP,1\nC,HOME,CHAIR,1\n")
    told = story.refused("order", "import", str(file))
    assert [line.partition(" ")[0] for line in told.splitlines()] == [f"{file}:3:", f"{file}:4:"]


def test_rows_of_a_sheet_with_one_number_are_one_order(story: Story) -> None:
    file = story.root.parent / "orders.csv"
    file.write_text("order,customer,reference,sku,quantity\nA,HOME,PO 7,LAMP,1\nA,HOME,,TEA,2\nB,HOME,,TEA,3\n")
    first, second = story.posted("order", "import", str(file))
    assert [line.sku for line in story.document(first).lines] == ["LAMP", "TEA"]
    assert story.document(first).reference == "PO 7"
    assert [line.sku for line in story.document(second).lines] == ["TEA"]


def test_a_held_order_is_neither_confirmed_nor_delivered_nor_invoiced(story: Story) -> None:
    order = story.order("LAMP 3")
    story("deliver", order, "--line", "1=1")
    story("order", "hold", order)
    assert "release it first" in story.refused("order", "confirm", order)
    assert "is held" in story.refused("deliver", order)
    assert "is held" in story.refused("invoice", "create", order)
    assert story.posted("invoice", "run") == []


def test_a_released_order_is_checked_again_before_it_goes_on(story: Story) -> None:
    order = story.order("LAMP 3")
    story("order", "hold", order)
    story("order", "release", order, "--reason", "address confirmed")
    assert state(story, order) == "draft"
    story("order", "confirm", order)
    story("deliver", order)


def test_only_a_held_order_can_be_released(story: Story) -> None:
    order = story.order("LAMP 3")
    assert "is not held" in story.refused("order", "release", order, "--reason", "no")


def test_a_cancelled_order_is_at_its_end(story: Story) -> None:
    order = story.order("LAMP 3")
    story("order", "cancel", order)
    assert state(story, order) == "cancelled"
    for command in (
        ["deliver", order],
        ["order", "confirm", order],
        ["order", "hold", order],
        ["invoice", "create", order],
    ):
        assert "cancelled" in story.refused(*command)
    assert story.posted("order", "cancel", order) == []


def test_goods_that_are_delivered_must_be_invoiced_before_the_order_is_cancelled(story: Story) -> None:
    order = story.order("LAMP 3")
    story("deliver", order, "--line", "1=2")
    assert "not invoiced; invoice it" in story.refused("order", "cancel", order)
    story("invoice", "create", order)
    story("order", "cancel", order)
    assert state(story, order) == "cancelled"


def test_importing_confirming_and_invoicing_in_one_step_is_all_or_nothing(story: Story) -> None:
    story.refused("order", "import", str(story.order_file("TEN 1", invoicing="order")), "--invoice")
    made = story.posted("order", "import", str(story.order_file("LAMP 1", invoicing="order")), "--invoice")
    assert "INV-2026-0001" in made
    assert story.open() == {"INV-2026-0001": "47.48"}


def test_the_same_key_takes_an_order_in_only_once(story: Story) -> None:
    file = str(story.order_file("LAMP 3"))
    story("order", "import", file, "--key", "mail-1")
    answer = story.json("order", "import", file, "--key", "mail-1")
    assert (answer["posted"], [row["doc_id"] for row in answer["existed"]]) == ([], ["SO-2026-0001"])
    assert "mail-1" in story.refused("order", "import", str(story.order_file("LAMP 4")), "--key", "mail-1")


def test_each_line_says_the_tax_rate_of_its_day_so_that_credit_counts_gross(story: Story) -> None:
    lines = story.document(draft(story, "LAMP 3", "TEA 2")).lines
    assert [str(dict(line.extra)["tax-rate"]) for line in lines] == ["19", "7"]
