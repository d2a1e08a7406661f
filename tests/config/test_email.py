"""An operator tries the mail settings with Django's own command."""

from django.core.management import call_command

from config.environment import email_settings, read_environment
from tests.mail_server import running_mail_server


def test_sendtestemail_reaches_the_server_that_email_url_names(settings):
    with running_mail_server() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)

        call_command("sendtestemail", "operator@example.org")

    assert "To: operator@example.org" in server.received[0]
    assert f"From: {settings.DEFAULT_FROM_EMAIL}" in server.received[0]


def test_sendtestemail_writes_a_file_where_there_is_no_server(settings, tmp_path):
    for name, value in email_settings(read_environment({"DATA_DIR": str(tmp_path)})).items():
        setattr(settings, name, value)

    call_command("sendtestemail", "operator@example.org")

    (message,) = (tmp_path / "outbox").iterdir()
    assert "To: operator@example.org" in message.read_text(encoding="utf-8")
