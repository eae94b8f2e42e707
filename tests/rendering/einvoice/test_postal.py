"""A frozen address is taken apart into the same parts that it was written from."""

from __future__ import annotations

import pytest

from o2c.master.address import Address
from o2c.rendering.einvoice.en16931 import PostalAddress
from o2c.rendering.einvoice.postal import of_address
from o2c.rendering.einvoice.postal import taken_apart
from tests.rendering.einvoice.samples import demo_master

ADDRESSES = [
    Address(("Speicherstadt 4",), "20457", "Hamburg", "", "DE"),
    Address(("c/o Rheder", "Hof 3"), "18119", "Rostock", "Mecklenburg-Vorpommern", "DE"),
    Address(("27 Victoria Street",), "EH1 2HE", "Edinburgh", "", "GB"),
    Address(("120 Commercial Street", "Suite 200"), "04101", "Portland", "ME", "US"),
    Address(("Waalhaven Z.z. 21",), "3089 JH", "Rotterdam", "", "NL"),
    Address(("Storgatan 1",), "111 22", "Stockholm", "", "SE"),
    Address(("Rua Augusta 1",), "1100-048", "Lisboa", "", "PT"),
    Address(("ul. Prosta 1",), "00-838", "Warszawa", "", "PL"),
    Address(("Brīvības iela 1",), "LV-1010", "Rīga", "", "LV"),
    Address(("1 Queen Street",), "M5H 2N2", "Toronto", "ON", "CA"),
    Address((), "10115", "Berlin", "", "DE"),
]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.city)
def test_an_address_comes_back_in_its_parts(address: Address) -> None:
    assert taken_apart(address.text()) == of_address(address)


def test_the_addresses_of_the_demonstration_come_back() -> None:
    for customer in demo_master().customers.values():
        assert taken_apart(customer.address.text()) == of_address(customer.address), customer.code


def test_what_cannot_be_told_apart_stays_together() -> None:
    assert taken_apart("Somewhere over the hill\nLAND OF OZ") == PostalAddress(
        ("Somewhere over the hill",), "", "LAND OF OZ", "", ""
    )
    assert taken_apart("") == PostalAddress()
    assert taken_apart("FRANCE") == PostalAddress(country="FR")


def test_a_fourth_line_joins_the_third_as_the_norm_has_three() -> None:
    many = Address(("House", "Stairs B", "Floor 3", "Door 7"), "10115", "Berlin", "", "DE")
    assert of_address(many).lines == ("House", "Stairs B", "Floor 3, Door 7")
    assert taken_apart(many.text()) == of_address(many)
