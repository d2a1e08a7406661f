"""Prints the Candidate Recording Form of a verified unit once, from what was signed; and blank ones."""

import json
import logging
import traceback
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments.models import FinalForm
from assessments.recording_form.document import blank_document
from assessments.recording_form.pdf import final_form_pdf, recording_form_pdf
from assessments.standing.unit_record import UnitStanding
from portfolio.files.services import bytes_store
from record.services.events import event_add
from standards.content import UnitContent

ATTEMPTS = 3  # then somebody has to look: the log says why, and the page says that the form is late
LATE_AFTER = timedelta(hours=1)  # whatever became of the task: a form takes seconds

logger = logging.getLogger(__name__)


class FlawedForm(Exception):
    """A form that is kept, in which something is wrong to look at. Its task fails by it, so that /health tells."""


def final_form_render(*, signature: UUID) -> bool:
    """Render and keep the final form of `signature`; one that is rendered already stays as it is.

    Returns whether another attempt makes sense after a failure. An attempt is counted before it begins, so one that
    takes its process down counts too. After ATTEMPTS no more are made, and the log says so. The unit's page
    and /health then say that the form is late (`final_forms_missing`).

    Raises FlawedForm once the form is kept, if something is wrong with its print: another would be no better.
    """
    form = FinalForm.objects.select_related(
        "signature__document", "signature__unit_version__candidate_unit__registration__centre"
    ).get(signature__uuid=signature)
    if form.rendered_at:
        return False
    if form.attempts >= ATTEMPTS:  # the last attempt died before it could say that it failed
        _say_given_up(signature)
        return False
    FinalForm.objects.filter(pk=form.pk).update(attempts=F("attempts") + 1)
    try:
        flaws = final_form_print(form=form)
    except Exception as error:
        # Neither its message nor its values: they may quote the record.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(
            "The form of signature %s could not be rendered: %s in %s, line %s",
            signature, type(error).__name__, place.filename, place.lineno,
        )  # fmt: skip
        if form.attempts + 1 < ATTEMPTS:
            return True
        _say_given_up(signature)
        return False
    if flaws:
        logger.error("The form of signature %s is kept, but look at it. %s", signature, " ".join(flaws))
        raise FlawedForm(f"The form of signature {signature} is kept, but look at it. The log says what is wrong.")
    return False


def _say_given_up(signature: UUID) -> None:
    logger.error(
        "The form of signature %s is given up after %s attempts. Mend what hindered it, then: manage.py print_forms",
        signature, ATTEMPTS,
    )  # fmt: skip


def final_form_print(*, form: FinalForm) -> list[str]:
    """Render and keep a final form now; one that is kept already stays as it is. Raises whatever goes wrong.

    Returns what is wrong with the print, in sentences that quote nothing of the record; it is kept all the same.
    """
    document = form.signature.document
    printed = final_form_pdf(json.loads(document.body), digest=document.digest)
    _keep(form, printed.pdf)
    return printed.found


def final_forms_missing() -> QuerySet[FinalForm]:
    """The forms that were given up, or that nobody has made for LATE_AFTER, the oldest first."""
    late = Q(attempts__gte=ATTEMPTS) | Q(waits_since__lt=timezone.now() - LATE_AFTER)
    return FinalForm.objects.filter(late, rendered_at__isnull=True).order_by("pk")


def is_late(form: FinalForm) -> bool:
    """Whether it is one of `final_forms_missing`: then somebody has to look."""
    waited = timezone.now() - form.waits_since
    return form.rendered_at is None and (form.attempts >= ATTEMPTS or waited > LATE_AFTER)


@transaction.atomic
def _keep(form: FinalForm, pdf: bytes) -> None:
    registration = form.signature.unit_version.candidate_unit.registration
    form = FinalForm.objects.select_for_update(of=("self",)).select_related("signature").get(pk=form.pk)
    if form.rendered_at:
        return
    form.stored_file = bytes_store(centre=registration.centre, content=pdf)
    form.rendered_at = timezone.now()
    form.save(update_fields=["stored_file", "rendered_at"])
    event_add(
        chain=registration.chain,
        kind="form.printed",
        actor=None,
        at=form.rendered_at,
        row=form,
    )


def blank_form_print(content: UnitContent) -> bytes:
    """Return the empty form of a unit, as a PDF. Raises what `recording_form_pdf` raises."""
    return recording_form_pdf(blank_document(content), digest=None)


def final_forms(record: UnitStanding) -> dict[int, FinalForm]:
    """The final forms of the unit, by the signature's primary key; some may still be in preparation."""
    final = [given.pk for given in record.given if given.is_final]
    if not final:
        return {}
    return {form.signature_id: form for form in FinalForm.objects.filter(signature__in=final)}
