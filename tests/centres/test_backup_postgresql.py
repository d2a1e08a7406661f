"""What only PostgreSQL asks of a backup: its own programs, and a role that may do little."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.long
def test_a_superuser_restores_nothing(archive, elsewhere):
    refused = elsewhere.run("restore", str(archive), DATABASE_URL=elsewhere.superuser_url)

    assert refused.returncode == 1
    assert "as a superuser" in refused.stderr


def test_a_machine_without_pg_dump_is_told_what_to_install(places, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    server = connection.get_database_version()[0]

    with pytest.raises(CommandError) as refused:
        call_command("backup", str(tmp_path / "b.tar"))

    assert "pg_dump is not on this machine." in str(refused.value)
    assert f"postgresql-client-{server}" in str(refused.value)
    assert not (tmp_path / "b.tar").exists()


def test_a_pg_dump_that_is_too_old_is_told(places, tmp_path, monkeypatch):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    with pytest.raises(CommandError, match="pg_dump is of version 9, too old for the server's"):
        call_command("backup", str(tmp_path / "b.tar"))
