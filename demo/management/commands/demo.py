"""Makes the demo centre."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from centres.demo import DEMO_PASSWORD, demo_people
from demo.runner import demo_make
from portfolio.models import CandidateUnit, Evidence, EvidenceFile, State
from standards.models import Unit


class Command(BaseCommand):
    """Makes a centre with people, evidence and files of our own invention, and says what it made.

    Where the demo is there already it changes nothing. Raises CommandError where the site is no demo, and
    where the standards are not loaded yet.
    """

    help = "Make the demo centre: people, evidence and files to look around in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This site is no demo, so nothing was made: in a demo, everybody can sign in as anybody. "
                "The demo is for a machine of your own, without SITE_URL and without DEMO=0."
            )
        try:
            centre = demo_make()
        except Unit.DoesNotExist as error:
            raise CommandError("The standards are not loaded yet. First run: manage.py sync_standards") from error
        if centre is None:
            self.stdout.write("The demo centre is there already. Nothing was changed.")
            return
        people = demo_people()
        evidence = Evidence.objects.filter(registration__centre=centre)
        files = EvidenceFile.objects.filter(version__evidence__in=evidence)
        units = CandidateUnit.objects.filter(registration__centre=centre)
        states = ", ".join(
            f"{units.filter(versions__state=state, versions__closed_at=None).count()} {state.label.lower()}"
            for state in State
        )
        self.stdout.write(
            f"{centre.name}: {len(people)} people, {units.count()} units ({states}), "
            f"{evidence.count()} evidence, {files.count()} files"
        )
        for person in people:
            self.stdout.write(f"  {person.name}, {person.roles[0].lower()}{person.roles[1:]}: {person.line}")
        self.stdout.write(f"One click on the sign-in page signs you in as any of them; they sign with: {DEMO_PASSWORD}")
