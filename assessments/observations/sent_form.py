"""The form of a record, as a request asks for it or sends it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from assessments.models import AssessorRecord, RecordKind
from assessments.observations.forms import PAIRS_AT_LEAST
from assessments.observations.record_form import RecordForm
from assessments.observations.selectors import says_the_same
from centres.http import SignedInRequest
from centres.models import Centre, Role
from centres.permissions import roles_in

NO_FORM = UUID(int=0)  # in the place of a key that a device makes itself


def centre_for(request: SignedInRequest, centre: UUID) -> Centre:
    """The centre, for its assessors. Raises Http404 for outsiders, and PermissionDenied for others of the centre."""
    found: Centre = get_object_or_404(Centre.objects.visible_to(request.user), uuid=centre)
    if Role.ASSESSOR not in roles_in(request.user, found):
        raise PermissionDenied
    return found


def kind_of(named: str) -> RecordKind:
    """The kind of this name; an observation where there is none."""
    return RecordKind(named) if named in RecordKind.values else RecordKind.OBSERVATION


def form_of(
    request: SignedInRequest,
    centre: Centre,
    sent: QueryDict | None,
    *,
    kind: RecordKind | None = None,
    chosen: list[str] | None = None,
    check: bool = False,
    pairs: int = PAIRS_AT_LEAST,
) -> RecordForm:
    """The form as a page sent it, or an empty one of a `kind` for the units that are `chosen`."""
    return RecordForm(
        sent,
        kind=kind or kind_of(sent.get("kind", "") if sent else ""),
        person=request.user,
        centre=centre,
        chosen=chosen if chosen is not None else [str(one) for one in sent.getlist("unit")] if sent else [],
        check=check,
        pairs=pairs,
    )


def is_what_was_signed(form: RecordForm, signed: AssessorRecord) -> bool:
    """Whether a valid form says what was signed on it before."""
    session = form.session(written_at=signed.written_at, arrived_at=signed.arrived_at)
    return says_the_same(signed, session, form.said())
