"""Asks a witness, withdraws what was asked, takes what they give, and what an assessor adds to it."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from centres.models import Membership, User
from portfolio.evidence.services import EvidenceDetails, piece_make
from portfolio.files.services import WRITTEN, bytes_store
from portfolio.models import (
    EvidenceFile,
    GivenOn,
    Registration,
    Testimony,
    TestimonyNote,
    TestimonyRequest,
    Witness,
    WitnessStanding,
)
from portfolio.permissions import may_ask_witness, may_note_testimony
from portfolio.rules import dates_refused
from portfolio.services.units import units_lock
from portfolio.testimony.criteria import criteria_to_ask, keys_of
from portfolio.testimony.rules import Stands, stands, why_no_witness
from portfolio.testimony.tokens import digest_of, link_of, token_of
from record.plain_text import plain_text
from record.services.events import event_add
from standards.evidence_kinds import EvidenceKind

OPEN_FOR = datetime.timedelta(days=28)
WAITING_AT_MOST = 30  # requests of one portfolio: nobody waits for more, and mail goes to addresses that anybody types
WORDS_AT_MOST = 20_000  # characters of a testimony
DECLARATION = "What I say here is true, and I saw it myself."


class RequestClosed(Exception):
    """The request cannot be answered any more; `stands` says what has become of it."""

    def __init__(self, stands: Stands) -> None:
        super().__init__(f"The request is {stands.value}.")
        self.stands = stands


@transaction.atomic
def testimony_ask(
    *,
    registration: Registration,
    actor: User,
    form_key: uuid.UUID,
    words: str,
    criteria: Sequence[str],
    setting: str,
    witness: Witness | None = None,
    name: str = "",
    email: str = "",
) -> TestimonyRequest:
    """Ask a person to say what they saw: a `witness` of the portfolio, or somebody new by name and perhaps address.

    `form_key` identifies the form: sent twice, it asks once. Raises PermissionDenied, and ValidationError for somebody
    who cannot be a witness, for criteria that no witness can be asked of, and for too many requests that wait.
    """
    registration = Registration.objects.select_for_update(no_key=True, of=("self",)).get(pk=registration.pk)
    if not may_ask_witness(actor, registration):
        raise PermissionDenied
    asked = TestimonyRequest.objects.filter(witness__registration=registration)
    if sent_before := asked.filter(uuid=form_key, asked_by=actor).first():
        return sent_before
    if witness and witness.registration_id != registration.pk:
        raise PermissionDenied
    if asked.waiting().count() >= WAITING_AT_MOST:
        raise ValidationError(f"{WAITING_AT_MOST} requests wait for an answer already. Withdraw one first.")
    wanted = _can_all_be_asked(registration, criteria)
    now = timezone.now()
    new = witness is None
    witness = witness or Witness(registration=registration, name=name, email=email, added_by=actor, added_at=now)
    if new:
        witness.full_clean()
    if why := why_no_witness(registration, name=witness.name, addresses=[witness.email, witness.contact]):
        raise ValidationError(why)
    if new:
        witness.save()
    request = TestimonyRequest(
        uuid=form_key,
        witness=witness,
        asked_by=actor,
        words=words,
        criteria=wanted,
        setting=setting,
        asked_at=now,
        until=now + OPEN_FOR,
    )
    request.token_digest = digest_of(token_of(request))
    request.full_clean()
    request.save()
    event_add(
        chain=registration.chain,
        kind="testimony.asked",
        actor=actor.uuid,
        at=now,
        row=request,
        also=[witness] if new else [],
    )
    return request


def _can_all_be_asked(registration: Registration, criteria: Sequence[str]) -> list[str]:
    """The keys of these criteria in the order of their units. Raises ValidationError for one that is not among them."""
    wanted, found = set(criteria), keys_of(criteria_to_ask(registration))
    if not wanted <= set(found):
        raise ValidationError("This page names a criterion that a witness cannot be asked of. Nothing was sent.")
    return [key for key in found if key in wanted]


def request_send(*, request: TestimonyRequest) -> None:
    """Send the link to the witness's address, if there is one.

    Raises OSError (as smtplib's errors are) if the mail server does not take it; the request stands all the same.
    """
    witness = request.witness
    if not witness.email:
        return
    centre = witness.registration.centre
    context = {
        "witness": witness.name,
        "candidate": witness.registration.candidate.name,
        "asked_by": request.asked_by.name,
        "centre": centre.name,
        "words": request.words,
        "link": link_of(request),
        "until": timezone.localtime(request.until, ZoneInfo(centre.time_zone)),
    }
    send_mail(
        subject=render_to_string("portfolio/testimony/email/request_subject.txt", context).strip(),
        message=render_to_string("portfolio/testimony/email/request.txt", context),
        from_email=None,
        recipient_list=[witness.email],
    )


@transaction.atomic
def request_withdraw(*, request: TestimonyRequest, actor: User) -> None:
    """Withdraw a request, so that its link works no more. Withdrawing it twice does nothing.

    Raises PermissionDenied, and ValidationError if it was answered already.
    """
    registration = request.witness.registration
    request = TestimonyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not may_ask_witness(actor, registration):
        raise PermissionDenied
    if stands(request) == Stands.GIVEN:
        raise ValidationError(f"{request.witness} has answered already, so it cannot be withdrawn.")
    if request.withdrawn_at:
        return
    request.withdrawn_at = timezone.now()
    request.save(update_fields=["withdrawn_at"])
    event_add(
        chain=registration.chain,
        kind="testimony.withdrawn",
        actor=actor.uuid,
        at=request.withdrawn_at,
        row=request,
    )


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a witness says: of themselves, of what they saw, and which of the criteria they saw."""

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
    _require_witness(registration, request, given, person)
    witness = _introduced(request.witness, given)
    words = plain_text(given.words)
    stored = bytes_store(centre=registration.centre, content=words.encode())
    evidence = piece_make(
        registration=registration,
        actor=None,
        author=registration.candidate,
        form_key=uuid.uuid4(),
        details=EvidenceDetails(
            title=f"Testimony of {witness.name}, {witness.role}",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            setting=request.setting,
            happened_from=given.happened_from,
            happened_to=given.happened_to,
        ),
        held=[EvidenceFile(stored_file=stored, name=WRITTEN, content_type="text/plain")],
        witness=witness,
    )
    testimony = Testimony(
        request=request,
        evidence=evidence,
        name=witness.name,
        role=witness.role,
        relation=witness.relation,
        is_expert=witness.is_expert,
        contact=witness.contact,
        place=given.place,
        criteria=[key for key in request.criteria if key in set(given.criteria)],
        declaration=DECLARATION,
        given_on=_given_on(registration, person),
        given_at=evidence.added_at,
    )
    testimony.full_clean()
    testimony.save()
    event_add(
        chain=registration.chain,
        kind="testimony.given",
        actor=None,
        at=testimony.given_at,
        row=testimony,
        also=[witness],
    )
    return testimony


def _require_witness(registration: Registration, request: TestimonyRequest, given: Given, person: User | None) -> None:
    """Refuse who cannot be a witness. The candidate's device may be lent to one, so only a verifier's account tells."""
    lent = person is not None and person.pk == registration.candidate_id
    addresses = [request.witness.email, given.contact]
    why = why_no_witness(registration, name=given.name, addresses=addresses, person=None if lent else person)
    if why:
        raise ValidationError(why)
    today = timezone.localdate(timezone=ZoneInfo(registration.centre.time_zone))
    if refused := dates_refused(given.happened_from, given.happened_to, today=today):
        raise ValidationError(refused)


def _introduced(witness: Witness, given: Given) -> Witness:
    """The witness with what they say of themselves. The name stays once it stands on a testimony."""
    if not witness.evidence.exists():
        witness.name = given.name
    witness.role, witness.relation = given.role, given.relation
    witness.is_expert, witness.contact = given.is_expert, given.contact
    witness.full_clean()
    witness.save(update_fields=["name", "role", "relation", "is_expert", "contact"])
    return witness


def _given_on(registration: Registration, person: User | None) -> GivenOn:
    if person is None:
        return GivenOn.OWN
    if person.pk == registration.candidate_id:
        return GivenOn.CANDIDATE
    held = Membership.objects.current().filter(centre=registration.centre_id, user=person)
    return GivenOn.CENTRE if held.exists() else GivenOn.OWN


@transaction.atomic
def testimony_note(
    *, testimony: Testimony, actor: User, words: str = "", reached: str = "", reached_on: datetime.date | None = None
) -> TestimonyNote:
    """Add what an assessor says of a testimony, and how and when they reached the witness.

    Raises PermissionDenied, and ValidationError for a note that says nothing, or a day that is to come.
    """
    registration = testimony.evidence.registration
    if not may_note_testimony(actor, registration):
        raise PermissionDenied
    if reached_on and reached_on > timezone.localdate(timezone=ZoneInfo(registration.centre.time_zone)):
        raise ValidationError({"reached_on": "This day is in the future. When did you reach the witness?"})
    note = TestimonyNote(
        testimony=testimony, author=actor, words=words, reached=reached, reached_on=reached_on, made_at=timezone.now()
    )
    note.full_clean()
    note.save()
    event_add(chain=registration.chain, kind="testimony.noted", actor=actor.uuid, at=note.made_at, row=note)
    return note


@transaction.atomic
def standing_accept(*, witness: Witness, actor: User, reason: str) -> WitnessStanding:
    """Accept a witness as an expert in the work they saw. Accepting them twice does nothing.

    Raises PermissionDenied, and ValidationError without a reason.
    """
    registration = Registration.objects.select_for_update(no_key=True, of=("self",)).get(pk=witness.registration_id)
    if not may_note_testimony(actor, registration):
        raise PermissionDenied
    if before := WitnessStanding.objects.filter(witness=witness).first():
        return before
    standing = WitnessStanding(witness=witness, accepted_by=actor, reason=reason, accepted_at=timezone.now())
    standing.full_clean()
    standing.save()
    event_add(
        chain=registration.chain,
        kind="witness.accepted",
        actor=actor.uuid,
        at=standing.accepted_at,
        row=standing,
    )
    return standing


def standing_accepted(witness: Witness) -> bool:
    """Whether an assessor accepted the witness as an expert: such a witness may write an observation."""
    return WitnessStanding.objects.filter(witness=witness).exists()
