"""Django's `runserver`, on a site that is brought up to date as `script/server` does."""

import os
from typing import Any

from django.core.management import call_command
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV
from whitenoise.runserver_nostatic.management.commands import runserver


class Command(runserver.Command):
    """Prepares the data first, once, and not each time that the code is loaded anew."""

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get(DJANGO_AUTORELOAD_ENV) != "true":
            call_command("prepare")
            self.stdout.write("The worker is a command of its own: manage.py worker, in a second terminal.")
        super().handle(*args, **options)
