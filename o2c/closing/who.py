"""Who may close: the roles that the policies ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.model.documents import Act


def require_role(books: Books, act: Act) -> None:
    """Raise Refused unless who acts holds one of the roles that may close, seal and reopen; none named: everybody."""
    policies = books.master.policies
    needed = policies.closing.seal_roles
    if needed and not set(needed) & set(policies.users.get(act.by, ())):
        raise Refused(
            f"{act.by or 'nobody'} may not close periods; that takes the role {' or '.join(needed)} "
            "(policies.yaml, `closing: seal_roles` and `users`)"
        )
