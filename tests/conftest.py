"""Settings for all tests: how hard the property tests try, and nothing taken from the user's environment."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck
from hypothesis import settings

_STOPPING = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)

# Neither profile judges by the clock: the machine may be busy. "ci" tries the same examples every time.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _PATIENT, derandomize=True, max_examples=50)
settings.register_profile("deep", _PATIENT, max_examples=1000, print_blob=True)
settings.load_profile("deep" if os.environ.get("O2C_DEEP") == "1" else "ci")


def pytest_configure() -> None:
    """Forget the books and the name of whoever runs the tests, and hear the signals a job in the background ignores.

    What is ignored is ignored by every process the tests start: those that are interrupted on purpose would go on.
    """
    for name in ("O2C_BOOKS", "O2C_USER", "O2C_TODAY"):
        os.environ.pop(name, None)
    for number in _STOPPING:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
