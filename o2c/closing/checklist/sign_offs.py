"""Sign-offs: somebody looked at what a check found, and says why the month may be closed all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.closing.checklist.result import RED
from o2c.closing.checklist.result import SIGNED_OFF
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model.documents import Event
from o2c.model.documents import extra

if TYPE_CHECKING:
    from datetime import date

    from o2c.closing.at_end import AtEnd
    from o2c.closing.checklist.result import Check
    from o2c.closing.checklist.result import Result
    from o2c.model.documents import Act

SIGN_OFF = "o2c-sign-off"


def signed(at_end: AtEnd, check: Check, result: Result) -> Result:
    """Give a red result with its sign-off; one over other evidence than today's is void, and that is said."""
    if result.state != RED or check.repaired:
        return result
    signs = [event for event in at_end.facts.customs if _is_about(event, at_end.month.name, check.name)]
    good = [event for event in signs if dict(event.extra).get("evidence") == result.digest and event.act.why]
    if good:
        return result._replace(state=SIGNED_OFF, by=good[-1].act.by, why=good[-1].act.why)
    if signs:
        last = signs[-1]
        by = last.act.by or "nobody named"
        void = f"the sign-off by {by} of {last.date} is void: what it signed has changed since"
        return result._replace(why=void)
    return result


def _is_about(event: Event, period: str, name: str) -> bool:
    return event.kind == SIGN_OFF and event.values[:2] == (period, name)


def sign_off(act: Act, day: date, period: str, check: Check, result: Result) -> Event:
    """Sign a red check off, dated the day of the act; the reason is in `act.why`.

    Raises WrongUsage without a reason, Refused where there is nothing to sign and where only a repair helps.
    """
    if not act.why.strip():
        raise WrongUsage(f"say why {check.name} may stay as it is: --why TEXT")
    if result.state != RED:
        raise Refused(f"{check.name} of {period} is {result.state}; there is nothing to sign off")
    if check.repaired:
        raise Refused(f"{check.name} of {period} cannot be signed off: {result.said}; repair it")
    facts = extra(evidence=result.digest)
    return Event(SIGN_OFF, day, subject=period, customer="", act=act, values=(period, check.name), extra=facts)
