"""Takes the second step away from somebody who has lost it, where no coordinator may."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from centres.models import User
from centres.sign_in.log import sign_in_noted
from centres.sign_in.models import SignInWhat
from centres.sign_in.second_step import second_step_reset_by_operator


class Command(BaseCommand):
    """Raises CommandError with a sentence where there is no such person, or nothing to take away."""

    help = "Take the second step of a person away, and sign them out everywhere; they are told by e-mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address with which they sign in")
        parser.add_argument("--reason", required=True, help="why; it stays in the record")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"].strip() or None).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            second_step_reset_by_operator(person=person, reason=options["reason"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        sign_in_noted(None, person, SignInWhat.STEP_REMOVED)
        self.stdout.write(f"{person} signs in with the password alone now.")
