"""What an operator sets is read, and what would be unsafe is refused in a sentence."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import database_settings, email_settings, read_environment

PRODUCTION = {
    "SITE_URL": "https://portfolios.example.org",
    "EMAIL_URL": "smtp+tls://post:s%40cret@mail.example.org:587",
    "EMAIL_FROM": "Harbour College <portfolios@example.org>",
    "TRUSTED_PROXIES": "1",
}


def test_with_nothing_set_it_is_the_demo_on_this_machine_alone():
    environment = read_environment({})

    assert environment.site_url == "http://127.0.0.1:8000"
    assert environment.demo
    assert not environment.production
    assert not environment.debug
    assert environment.database_url.startswith("sqlite:////")
    assert environment.max_upload_mb == 100


def test_checkpoints_lie_in_data_dir_and_go_to_nobody_unless_told(tmp_path: Path):
    environment = read_environment({"DATA_DIR": str(tmp_path)})
    assert environment.checkpoints_dir == tmp_path / "checkpoints"
    assert environment.checkpoint_mail_to == ()
    given = {"CHECKPOINTS_DIR": str(tmp_path / "disk"), "CHECKPOINT_MAIL_TO": "ann@board.example, bo@body.example,"}
    environment = read_environment(given)
    assert environment.checkpoints_dir == tmp_path / "disk"
    assert environment.checkpoint_mail_to == ("ann@board.example", "bo@body.example")


@pytest.mark.parametrize("address", ["ann", "ann@", "Ann <ann@board.example>", "a@b c@d", "a@b\nBcc: c@d"])
def test_who_gets_checkpoints_is_an_address(address):
    with pytest.raises(ImproperlyConfigured, match="CHECKPOINT_MAIL_TO names"):
        read_environment({"CHECKPOINT_MAIL_TO": f"bo@body.example,{address}"})


def test_demo_0_is_a_site_for_one_s_own_use():
    assert not read_environment({"DEMO": "0"}).demo


def test_a_site_in_production_is_never_the_demo():
    environment = read_environment(PRODUCTION)

    assert environment.production
    assert not environment.demo


def test_port_data_dir_and_database_are_honoured(tmp_path: Path):
    given = {"PORT": "8123", "DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://db.example/countersign"}
    environment = read_environment(given)

    assert environment.port == 8123
    assert environment.site_url == "http://127.0.0.1:8123"
    assert environment.data_dir == tmp_path
    assert environment.database_url == "postgresql://db.example/countersign"


def test_the_driver_is_one_of_two_or_whichever_is_there():
    assert read_environment({}).database_driver == ""
    assert read_environment({"DATABASE_DRIVER": " Psycopg"}).database_driver == "psycopg"
    with pytest.raises(ImproperlyConfigured, match="DATABASE_DRIVER is 'asyncpg': give psycopg2 or psycopg"):
        read_environment({"DATABASE_DRIVER": "asyncpg"})


def test_the_database_of_its_own_is_in_data_dir(tmp_path: Path):
    environment = read_environment({"DATA_DIR": str(tmp_path)})

    assert environment.database_url == f"sqlite:///{tmp_path}/countersign.sqlite3"


@pytest.mark.parametrize("word", ["1", "true", "Yes", " ON "])
def test_a_switch_is_on_by_any_usual_word(word):
    assert read_environment({"DEBUG": word}).debug


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_a_switch_is_off_by_any_usual_word(word):
    assert not read_environment({"DEMO": word}).demo


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SITE_URL": "http://portfolios.example.org"}, "passwords and signatures travel over it"),
        ({"SITE_URL": "portfolios.example.org"}, "beginning with https://"),
        ({"SITE_URL": "https://"}, "give the whole address that people type"),
        ({"SITE_URL": "https://example.org/countersign"}, "must end after the host name"),
        ({"DEMO": "1"}, "it never runs in production"),
        ({"DEBUG": "1"}, "DEBUG shows secrets to visitors"),
        ({"EMAIL_URL": ""}, "EMAIL_URL and EMAIL_FROM must be set in production"),
        ({"EMAIL_FROM": ""}, "EMAIL_URL and EMAIL_FROM must be set in production"),
        ({"TRUSTED_PROXIES": ""}, "TRUSTED_PROXIES must be set in production"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES must be set in production"),
    ],
)
def test_it_refuses_an_unsafe_or_incomplete_production(change, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_environment(PRODUCTION | change)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"PORT": "http"}, "PORT is 'http': give a whole number from 1 to 65535."),
        ({"PORT": "0"}, "PORT is '0': give a whole number from 1 to 65535."),
        ({"PORT": "80000"}, "PORT is '80000': give a whole number from 1 to 65535."),
        ({"PORT": "8" * 5000}, "PORT is '888"),
        ({"SITE_URL": "https://[portfolios.example.org"}, "SITE_URL is 'https:.*give the whole address"),
        ({"SITE_URL": "https://portfolios.example.org:https"}, "SITE_URL is 'https:.*give the whole address"),
        ({"MAX_UPLOAD_MB": "-5"}, "MAX_UPLOAD_MB is '-5'"),
        ({"DISK_RESERVE_MB": "1 GB"}, "DISK_RESERVE_MB is '1 GB': give a whole number from 0 to"),
        ({"MAX_UPLOAD_MB": "\N{SUPERSCRIPT TWO}"}, "MAX_UPLOAD_MB is"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is 'one'"),
        ({"EMAIL_FROM": "Countersign"}, "EMAIL_FROM is 'Countersign': give one address"),
        ({"EMAIL_FROM": "Countersign portfolios@example.org"}, "EMAIL_FROM is .*give one address"),
        ({"EMAIL_FROM": "Harbour, College <portfolios@example.org>"}, "EMAIL_FROM is .*in quotation marks"),
        ({"EMAIL_FROM": "portfolios@example.org, others@example.org"}, "EMAIL_FROM is .*give one address"),
        ({"EMAIL_FROM": "portfolios@example.org\nBcc: others@example.org"}, "EMAIL_FROM is .*give one address"),
        ({"DEMO": "perhaps"}, "DEMO is 'perhaps': give 1 or 0."),
    ],
)
def test_it_refuses_what_it_cannot_read(given, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_environment(given)


@pytest.mark.parametrize(
    "sender",
    [
        "portfolios@example.org",
        "countersign@localhost",
        "<portfolios@example.org>",
        "Countersign <portfolios@example.org>",
        '"Harbour, College" <portfolios@example.org>',
        "Collège du Port <portfolios@example.org>",
    ],
)
def test_a_sender_is_one_address_with_or_without_a_name(sender):
    assert read_environment({"EMAIL_FROM": sender}).email_from == sender


def test_mail_goes_to_files_where_no_server_is_named(tmp_path: Path):
    settings = email_settings(read_environment({"DATA_DIR": str(tmp_path)}))

    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert settings["EMAIL_FILE_PATH"] == tmp_path / "outbox"


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", 587, False, False),
        ("smtp+tls://post:s%40cret@mail.example.org:2525", 2525, True, False),
        ("smtp+ssl://post:s%40cret@mail.example.org", 465, False, True),
    ],
)
def test_a_mail_server_is_read_from_its_url(url, port, tls, ssl):
    settings = email_settings(read_environment({"EMAIL_URL": url}))

    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_PORT"] == port
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (tls, ssl)
    assert settings["EMAIL_HOST_PASSWORD"] == ("s@cret" if "@" in url else "")


@pytest.mark.parametrize(
    "url",
    [
        "countersign",
        "mysql://db.example/countersign",
        "postgresql://countersign:sec#ret@db.example/countersign",
        "postgresql://countersign:secret@db.example:port/countersign",
    ],
)
def test_it_refuses_a_database_it_cannot_read_and_keeps_the_password_to_itself(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read: write it as") as refused:
        database_settings(read_environment({"DATABASE_URL": url}))
    assert "sec" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["mail.example.org", "imap://mail.example.org", "smtp+tls://", "smtp://mail:port", "smtp://[mail"]
)
def test_it_refuses_a_mail_server_it_cannot_read(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL cannot be read"):
        email_settings(read_environment({"EMAIL_URL": url}))
