"""The Candidate Recording Form: printed as a draft until a unit is verified, then once from what was signed."""

import json
import logging
import traceback
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from assessments.documents import blank_document, unit_document
from assessments.models import FinalForm
from assessments.unit_record import unit_record
from centres.models import User
from portfolio.models import CandidateUnit
from portfolio.services.files import bytes_store
from record.services.events import event_add
from standards.content import UnitContent

ATTEMPTS = 3  # then somebody has to look: the log says why, and the page that the form is late

logger = logging.getLogger(__name__)


def final_form_render(*, signature: UUID) -> bool:
    """Render and keep the form of the countersignature `signature`; what is rendered already stays as it is.

    Returns whether another attempt makes sense after a failure. An attempt is counted before it begins,
    so that one that takes its process down counts too; after ATTEMPTS nothing is tried any more.
    """
    form = FinalForm.objects.select_related(
        "signature__document", "signature__unit_version__candidate_unit__registration__centre"
    ).get(signature__uuid=signature)
    if form.rendered_at or form.attempts >= ATTEMPTS:
        return False
    FinalForm.objects.filter(pk=form.pk).update(attempts=F("attempts") + 1)
    try:
        final_form_print(form=form)
    except Exception as error:
        # Neither its message nor its values: a print complains in the words of the record.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(
            "The form of signature %s could not be rendered: %s in %s, line %s",
            signature, type(error).__name__, place.filename, place.lineno,
        )  # fmt: skip
        return form.attempts + 1 < ATTEMPTS
    return False


def final_form_print(*, form: FinalForm) -> None:
    """Render and keep a final form now; one that is kept already stays. Raises whatever hinders it."""
    document = form.signature.document
    _keep(form, _printed(json.loads(document.body), digest=document.digest))


def final_forms_missing() -> QuerySet[FinalForm]:
    """The forms that were tried often enough and are not there, the oldest first."""
    return FinalForm.objects.filter(rendered_at__isnull=True, attempts__gte=ATTEMPTS).order_by("pk")


@transaction.atomic
def _keep(form: FinalForm, pdf: bytes) -> None:
    registration = form.signature.unit_version.candidate_unit.registration
    form = FinalForm.objects.select_for_update(of=("self",)).select_related("signature").get(pk=form.pk)
    if form.rendered_at:
        return
    form.stored_file = bytes_store(centre=registration.centre, content=pdf, content_type="application/pdf")
    form.rendered_at = timezone.now()
    form.save(update_fields=["stored_file", "rendered_at"])
    event_add(
        chain=registration.chain,
        kind="form.printed",
        actor=None,
        payload={"signature": str(form.signature.uuid), "sha256": form.stored_file.sha256},
    )


def draft_form_print(*, unit: CandidateUnit, actor: User) -> bytes:
    """Return the form of the unit as it stands, marked as a draft, as a PDF; that it was printed is logged.

    Raises PermissionDenied for whom the unit is closed to, and what `recording_form_pdf` does.
    """
    if not CandidateUnit.objects.visible_to(actor).filter(pk=unit.pk).exists():
        raise PermissionDenied
    record = unit_record(unit)
    pdf = _printed(unit_document(record), digest=None)
    with transaction.atomic():
        event_add(
            chain=unit.registration.chain,
            kind="form.draft_printed",
            actor=actor.uuid,
            payload={"unit": str(unit.uuid), "version": record.version.number, "state": record.version.state},
        )
    return pdf


def blank_form_print(content: UnitContent) -> bytes:
    """Return the form of a unit with nothing on it, as a PDF. Raises what `recording_form_pdf` does."""
    return _printed(blank_document(content), digest=None)


def _printed(document: dict[str, Any], *, digest: str | None) -> bytes:
    # WeasyPrint takes as long to import as the whole site: it waits for the first print, a start does not.
    from assessments.printing.pdf import recording_form_pdf  # noqa: PLC0415

    return recording_form_pdf(document, digest=digest)
