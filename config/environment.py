"""Reads the operator's settings from the environment, and refuses unsafe ones."""

import os
import re
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.driver import DRIVERS

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The operator's settings. `read_environment` makes it, or says in a sentence what is wrong."""

    port: int
    data_dir: Path
    database_url: str
    database_driver: str
    site_url: str
    production: bool
    demo: bool
    debug: bool
    email_url: str
    email_from: str
    max_upload_mb: int
    disk_reserve_mb: int
    quick_workers: int
    slow_workers: int
    trusted_proxies: int
    checkpoints_dir: Path
    checkpoint_mail_to: tuple[str, ...]


def read_environment(env: dict[str, str] | None = None) -> Environment:
    """Read the settings from `env` (the process's own by default).

    Without SITE_URL the site is for this machine alone and holds the demo centre, unless DEMO=0.
    With SITE_URL it is in production. Raises ImproperlyConfigured, with one sentence, for a value
    that cannot be read and for a production setting that is insecure or incomplete.
    """
    values = dict(os.environ) if env is None else env
    port = _number(values, "PORT", 8000, least=1, most=65535)
    given_url = values.get("SITE_URL", "").rstrip("/")
    production = bool(given_url)
    data_dir = Path(values.get("DATA_DIR") or BASE_DIR / "data").expanduser().resolve()
    environment = Environment(
        port=port,
        data_dir=data_dir,
        database_url=values.get("DATABASE_URL") or f"sqlite:///{data_dir / 'countersign.sqlite3'}",
        database_driver=_choice(values, "DATABASE_DRIVER", DRIVERS),
        site_url=given_url or f"http://127.0.0.1:{port}",
        production=production,
        demo=_switch(values, "DEMO", default=not production),
        debug=_switch(values, "DEBUG", default=False),
        email_url=values.get("EMAIL_URL", ""),
        email_from=values.get("EMAIL_FROM", ""),
        max_upload_mb=_number(values, "MAX_UPLOAD_MB", 100, least=1),
        disk_reserve_mb=_number(values, "DISK_RESERVE_MB", 1000, least=0),
        quick_workers=_number(values, "QUICK_WORKERS", 1, least=1, most=64),
        slow_workers=_number(values, "SLOW_WORKERS", len(os.sched_getaffinity(0)), least=1, most=64),
        trusted_proxies=_number(values, "TRUSTED_PROXIES", 0, least=0),
        checkpoints_dir=Path(values.get("CHECKPOINTS_DIR") or data_dir / "checkpoints").expanduser().resolve(),
        checkpoint_mail_to=_addresses(values, "CHECKPOINT_MAIL_TO"),
    )
    if production:
        _refuse_unsafe_production(environment)
    if environment.email_from and not _is_sender(environment.email_from):
        raise ImproperlyConfigured(
            f"EMAIL_FROM is {environment.email_from!r}: give one address, such as Countersign "
            "<portfolios@example.org>. A name with a comma stands in quotation marks."
        )
    return environment


def _refuse_unsafe_production(environment: Environment) -> None:
    url = _split(environment.site_url)
    if url is None or url.scheme != "https" or not url.hostname:
        raise ImproperlyConfigured(
            f"SITE_URL is {environment.site_url!r}: give the whole address that people type, beginning "
            "with https://, because passwords and signatures travel over it."
        )
    if url.path or url.query:
        raise ImproperlyConfigured("SITE_URL must end after the host name: Countersign serves a whole site.")
    if environment.demo:
        raise ImproperlyConfigured(
            "DEMO and SITE_URL are both set: the demo signs anyone in with one click, so it never runs in "
            "production. Remove one of them."
        )
    if environment.debug:
        raise ImproperlyConfigured("DEBUG shows secrets to visitors, so it cannot be on with SITE_URL.")
    if not environment.email_url or not environment.email_from:
        raise ImproperlyConfigured(
            "EMAIL_URL and EMAIL_FROM must be set in production: people set their passwords by a link that "
            "is sent to them. For example EMAIL_URL=smtp+tls://user:password@mail.example.org:587."
        )
    if environment.trusted_proxies < 1:
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES must be set in production: it is the number of proxies in front of "
            "Countersign (1 for the web server that holds the certificate)."
        )


def _switch(values: dict[str, str], name: str, *, default: bool) -> bool:
    match values.get(name, "").strip().lower():
        case "":
            return default
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case other:
            raise ImproperlyConfigured(f"{name} is {other!r}: give 1 or 0.")


def _choice(values: dict[str, str], name: str, words: tuple[str, ...]) -> str:
    """Return one of the words; empty if nothing is set."""
    word = values.get(name, "").strip().lower()
    if word and word not in words:
        raise ImproperlyConfigured(f"{name} is {word!r}: give {' or '.join(words)}.")
    return word


def _number(values: dict[str, str], name: str, default: int, *, least: int, most: int = 10**9) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 20 or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} is {text!r}: give a whole number from {least} to {most}.")
    return int(text)


def _addresses(values: dict[str, str], name: str) -> tuple[str, ...]:
    """Return the addresses of a setting that separates them with commas."""
    found = tuple(part.strip() for part in values.get(name, "").split(",") if part.strip())
    for address in found:
        if not _is_address(address):
            raise ImproperlyConfigured(f"{name} names {address!r}: give addresses such as ann@example.org, by commas.")
    return found


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address; None if it is none, or if its port is no number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is read when it is asked for
    except ValueError:
        return None
    return parts


def database_settings(environment: Environment) -> dict[str, Any]:
    """Django's settings of the database at DATABASE_URL.

    Raises ImproperlyConfigured if it cannot be read or is neither PostgreSQL nor SQLite. The sentence does
    not repeat it, because it holds a password.
    """
    try:
        database = dict(dj_database_url.parse(environment.database_url, conn_max_age=600, conn_health_checks=True))
    except ValueError:
        database = {}
    if database.get("ENGINE") not in {"django.db.backends.postgresql", "django.db.backends.sqlite3"}:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: write it as postgresql://user:password@host/name, with %40 for an @ "
            "in the password, %2F for a / and %23 for a #."
        )
    return database


def _is_sender(text: str) -> bool:
    """Whether it is one address, with or without a name: no message can be sent from anything else."""
    name, address = parseaddr(text)
    return _is_address(address) and text.isprintable() and (bool(name) or text.strip(" <>") == address)


def _is_address(text: str) -> bool:
    return text.isprintable() and re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", text) is not None


def email_settings(environment: Environment) -> dict[str, object]:
    """Django's e-mail settings for EMAIL_URL: `smtp://`, `smtp+tls://` or `smtp+ssl://user:password@host:port`.

    Without EMAIL_URL every message is written to a file in DATA_DIR/outbox.
    """
    if not environment.email_url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": environment.data_dir / "outbox",
        }
    url = _split(environment.email_url)
    if url is None or url.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not url.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read: write it as smtp+tls://user:password@mail.example.org:587."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtp+ssl" else 587),
        "EMAIL_HOST_USER": _unquoted(url.username),
        "EMAIL_HOST_PASSWORD": _unquoted(url.password),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": 20,
    }


def _unquoted(text: str | None) -> str:
    return unquote(text or "")
