"""Takes what a witness gives, or that they refuse what was taken down of their words."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Membership, User
from portfolio.evidence.services import AFile, EvidenceDetails, piece_make
from portfolio.files.services import WRITTEN, bytes_store
from portfolio.models import (
    Evidence,
    EvidenceFile,
    GivenOn,
    Registration,
    StagedFile,
    Testimony,
    TestimonyRequest,
    Witness,
)
from portfolio.rules import dates_refused
from portfolio.services.units import units_lock
from portfolio.testimony.rules import Stands, stands, why_no_witness
from record.plain_text import plain_text
from record.services.events import event_add
from standards.evidence_kinds import EvidenceKind

WORDS_AT_MOST = 20_000  # characters of a testimony
NOTHING_SAID = "Say what you saw."
DECLARATION = "What I say here is true, and I saw it myself."


class RequestClosed(Exception):
    """The request cannot be answered any more; `stands` says what has become of it."""

    def __init__(self, stands: Stands) -> None:
        super().__init__(f"The request is {stands.value}.")
        self.stands = stands


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a witness says: of themselves, of what they saw, and which of the criteria they saw.

    The words may be empty where they are spoken, or on paper.
    """

    name: str
    role: str
    relation: str
    is_expert: bool
    contact: str
    words: str
    place: str
    happened_from: datetime.date
    happened_to: datetime.date | None = None
    criteria: Sequence[str] = ()


@transaction.atomic
def testimony_give(*, request: TestimonyRequest, given: Given, person: User | None) -> Testimony:
    """Take a testimony into the portfolio as evidence of its own, in the words of the witness. Nothing is claimed.

    `person` is who is signed in in that browser, if anybody. Raises RequestClosed, and ValidationError for what cannot
    be, by the field of the form.
    """
    registration = Registration.objects.select_for_update().get(pk=request.witness.registration_id)
    units_lock(registration)
    request = TestimonyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if (now_stands := stands(request)) != Stands.OPEN:
        raise RequestClosed(now_stands)
    require_witness(registration, request.witness, given, person)
    witness = introduced(request.witness, given)
    held: list[AFile] = []
    if words := plain_text(given.words):
        stored = bytes_store(centre=registration.centre, content=words.encode())
        held.append(EvidenceFile(stored_file=stored, name=WRITTEN, content_type="text/plain"))
    spoken = StagedFile.objects.select_related("stored_file__centre").filter(request=request)
    held += spoken
    if not held:
        raise ValidationError({"words": NOTHING_SAID})
    taken_down = f", taken down by {request.asked_by}" if hasattr(request, "taken_down") else ""
    evidence = piece_make(
        registration=registration,
        actor=None,
        author=registration.candidate,
        form_key=uuid.uuid4(),
        details=details_of(
            witness, given, setting=request.setting, how=taken_down, is_observation=request.as_observation
        ),
        held=held,
        witness=witness,
    )
    spoken.delete()
    return testimony_keep(
        evidence=evidence,
        witness=witness,
        given=given,
        request=request,
        criteria=[key for key in request.criteria if key in set(given.criteria)],
        declaration=DECLARATION,
        given_on=_given_on(registration, person),
    )


def details_of(
    witness: Witness, given: Given, *, setting: str, how: str = "", is_observation: bool = False
) -> EvidenceDetails:
    """Return what the evidence says that a testimony becomes. `how` stands behind the name, for good."""
    what = "Observation by expert witness" if is_observation else "Testimony of"
    return EvidenceDetails(
        title=f"{what} {witness.name}, {witness.role}{how}",
        kind=EvidenceKind.OBSERVATION if is_observation else EvidenceKind.WITNESS_TESTIMONY,
        setting=setting,
        happened_from=given.happened_from,
        happened_to=given.happened_to,
    )


def testimony_keep(
    *,
    evidence: Evidence,
    witness: Witness,
    given: Given,
    request: TestimonyRequest | None,
    criteria: Sequence[str],
    declaration: str,
    given_on: GivenOn,
    actor: User | None = None,
) -> Testimony:
    """Save what a witness said of themselves that day beside the evidence, and write the event.

    For services that hold the lock of the portfolio. Raises ValidationError.
    """
    testimony = Testimony(
        request=request,
        evidence=evidence,
        name=witness.name,
        role=witness.role,
        relation=witness.relation,
        is_expert=witness.is_expert,
        contact=witness.contact,
        place=given.place,
        criteria=criteria,
        declaration=declaration,
        given_on=given_on,
        given_at=evidence.added_at,
    )
    testimony.full_clean()
    testimony.save()
    event_add(
        chain=evidence.registration.chain,
        kind="testimony.given",
        actor=actor.uuid if actor else None,
        at=testimony.given_at,
        row=testimony,
        also=[witness],
    )
    return testimony


@transaction.atomic
def request_refuse(*, request: TestimonyRequest) -> None:
    """Let the witness refuse what was taken down of their words. Doing it twice does nothing. Raises RequestClosed."""
    registration = request.witness.registration
    request = TestimonyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if (now_stands := stands(request)) == Stands.REFUSED:
        return
    if now_stands != Stands.OPEN or not hasattr(request, "taken_down"):
        raise RequestClosed(now_stands)
    request.refused_at = timezone.now()
    request.save(update_fields=["refused_at"])
    event_add(chain=registration.chain, kind="testimony.refused", actor=None, at=request.refused_at, row=request)


def require_witness(registration: Registration, witness: Witness, given: Given, person: User | None = None) -> None:
    """Refuse who cannot be a witness, and days that cannot be, with a ValidationError.

    `person` is who is signed in. The candidate's device may be lent to a witness, so only a verifier's account tells.
    """
    lent = person is not None and person.pk == registration.candidate_id
    addresses = [witness.email, given.contact]
    why = why_no_witness(registration, name=given.name, addresses=addresses, person=None if lent else person)
    if why:
        raise ValidationError(why)
    today = timezone.localdate(timezone=ZoneInfo(registration.centre.time_zone))
    if refused := dates_refused(given.happened_from, given.happened_to, today=today):
        raise ValidationError(refused)


def introduced(witness: Witness, given: Given) -> Witness:
    """Return the witness, saved with what they say of themselves. The name stays once it stands on a testimony."""
    is_new = witness.pk is None
    if is_new or not witness.evidence.exists():
        witness.name = given.name
    witness.role, witness.relation = given.role, given.relation
    witness.is_expert, witness.contact = given.is_expert, given.contact
    witness.full_clean()
    witness.save(update_fields=None if is_new else ["name", "role", "relation", "is_expert", "contact"])
    return witness


def _given_on(registration: Registration, person: User | None) -> GivenOn:
    if person is None:
        return GivenOn.OWN
    if person.pk == registration.candidate_id:
        return GivenOn.CANDIDATE
    held = Membership.objects.current().filter(centre=registration.centre_id, user=person)
    return GivenOn.CENTRE if held.exists() else GivenOn.OWN
