"""The command with which a real centre begins."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from centres.services.people import centre_create, invitation_link
from centres.words import CandidateWord, ExternalVerifierWord, InternalVerifierWord

WORDS = {
    "candidate-word": CandidateWord,
    "internal-verifier-word": InternalVerifierWord,
    "external-verifier-word": ExternalVerifierWord,
}


class Command(BaseCommand):
    """Begins a centre with its first coordinator, and prints the link with which they set their password."""

    help = "Begin a centre with its first coordinator, who then adds everybody else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the centre's name, as forms print it")
        parser.add_argument("--number", default="", help="the number the awarding body gave it")
        parser.add_argument("--time-zone", default="Europe/London", help="such as America/Jamaica")
        for option, words in WORDS.items():
            parser.add_argument(f"--{option}", default=words.values[0], choices=words.values, help="what its pages say")
        parser.add_argument("--coordinator-name", required=True)
        parser.add_argument("--coordinator-email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["time_zone"] not in available_timezones():
            raise CommandError(f"There is no time zone {options['time_zone']!r}; America/Jamaica is one.")
        try:
            membership = centre_create(
                name=options["name"],
                number=options["number"],
                time_zone=options["time_zone"],
                candidate_word=options["candidate_word"],
                internal_verifier_word=options["internal_verifier_word"],
                external_verifier_word=options["external_verifier_word"],
                coordinator_name=options["coordinator_name"],
                coordinator_email=options["coordinator_email"],
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database does not answer as it should ({error}). If this DATA_DIR is new, script/server or "
                "manage.py prepare sets it up."
            ) from error
        self.stdout.write(f"{membership.centre} is there, and {membership.user} coordinates it.")
        self.stdout.write(f"They set their password here, within a week: {invitation_link(membership.user)}")
