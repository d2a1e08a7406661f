"""Prints the final forms that could not be made, once the cause is mended."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from assessments.recording_form.services import final_form_print, final_forms_missing


class Command(BaseCommand):
    """Tries each such form once and says what became of it. Raises CommandError if one is still missing."""

    help = "Print the Candidate Recording Forms that the worker gave up, or has not made for an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for form in final_forms_missing():
            signature = form.signature.uuid
            try:
                flaws = final_form_print(form=form)
            except Exception as error:  # whatever it is, the next form is tried too
                failed += 1
                self.stderr.write(f"{signature}: {type(error).__name__}: {error}")
            else:
                self.stdout.write(f"{signature}: printed")
                for flaw in flaws:
                    self.stderr.write(f"{signature}: look at it. {flaw}")
        if failed:
            raise CommandError(f"{failed} form{'s are' if failed > 1 else ' is'} still missing.")
