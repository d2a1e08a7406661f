"""Gives somebody another address who has lost both the old one and the password, where no coordinator may."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email

from centres.corrections.services import address_correct_by_operator
from centres.models import User


class Command(BaseCommand):
    """Raises CommandError with a sentence where there is no such person, or the address cannot be theirs."""

    help = "Correct the e-mail address of a person at once, and sign them out everywhere; the old address is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address with which they sign in")
        parser.add_argument("new", help="the address with which they sign in from now on")
        parser.add_argument("--reason", required=True, help="why; it stays in the record")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"].strip() or None).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            validate_email(options["new"].strip())
            address_correct_by_operator(person=person, email=options["new"], reason=options["reason"])
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{person} signs in with {options['new'].strip().lower()} from now on, and was signed out.")
