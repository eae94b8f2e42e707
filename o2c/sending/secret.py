"""The password of the mail server: from the environment or from a file that only its owner can read; never printed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from o2c.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from o2c.master.mail import Mail

VARIABLE = "O2C_SMTP_PASSWORD"


def password(mail: Mail, environment: Mapping[str, str]) -> str:
    """Find the password; "" where no user is to log in. Raises Refused where there is none, or others can read it."""
    if not mail.user:
        return ""
    if environment.get(VARIABLE):
        return environment[VARIABLE]
    if not mail.password_file:
        raise Refused(f"no password for {mail.user}; set {VARIABLE}, or name a `password_file` in company.yaml")
    return _from_file(Path(mail.password_file).expanduser())


def _from_file(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise Refused(f"{path}: others can read this password (mode {mode:04o}); run `chmod 600 {path}`")
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: the password cannot be read ({type(error).__name__})") from error
