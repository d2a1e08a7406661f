"""Another installation than that of the tests, with a DATA_DIR and a database of its own."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests.site import CHECKOUT


class Installation:
    """A place in which the commands run as an operator runs them."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.name = f"elsewhere_{hashlib.sha256(str(data_dir).encode()).hexdigest()[:8]}"
        self.database_url = ""
        if connection.vendor == "postgresql":
            host = connection.settings_dict["HOST"].replace("/", "%2F")
            self._execute(f"CREATE ROLE {self.name} LOGIN")
            self._execute(f"CREATE DATABASE {self.name} OWNER {self.name}")
            self.database_url = f"postgresql://{self.name}@{host}/{self.name}"
            self.superuser_url = f"postgresql://postgres@{host}/{self.name}"

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        settings = {"DATA_DIR": str(self.data_dir), "DEMO": "0", "DATABASE_URL": self.database_url}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env=os.environ | settings | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def drop(self) -> None:
        if self.database_url:
            self._execute(f"DROP DATABASE {self.name}")
            self._execute(f"DROP ROLE {self.name}")

    def _execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
