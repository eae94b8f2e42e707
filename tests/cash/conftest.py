"""The small company, ready for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cash.shop import Shop
from tests.cash.shop import load_master

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.master import Master


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Master:
    return load_master(tmp_path_factory.mktemp("company"))


@pytest.fixture
def shop(company: Master) -> Callable[[str], Shop]:
    return lambda ledger: Shop(company, ledger)
