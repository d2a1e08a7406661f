#!/usr/bin/env python
"""Runs Countersign's commands: `manage.py help` lists them. Installed as a package, it is called `countersign`."""

import os
import sys

try:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
except ModuleNotFoundError:
    sys.exit("Countersign's Python packages are not installed here: run script/setup, then .venv/bin/python manage.py")

from centres.version import VERSION


def main() -> None:
    """Run the command that the arguments name. What is wrong with the settings is said in a sentence."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"Countersign {VERSION}\n")  # Django would give its own
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
