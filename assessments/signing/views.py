"""The page for signing a unit: what is signed, what the signature declares, and the password."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.grid.grid import Grid, grid_of, missing_in_short
from assessments.grid.html import grid_key
from assessments.lookup import unit_or_404
from assessments.models import Signature, Stage
from assessments.observations.selectors import not_acknowledged
from assessments.openings.looked_at import looked_at
from assessments.permissions import SIGNS, stage_to_sign
from assessments.recording_form.document import DECLARATIONS
from assessments.signing.forms import SIGN_WORDS, SignForm, add_refusal
from assessments.signing.known_above import known_of
from assessments.signing.known_of_portfolio import known_of_portfolio
from assessments.signing.services import (
    countersignature_confirm,
    gone_in_words,
    sign_off_confirm,
    unit_countersign,
    unit_sign_off,
    unit_submit,
)
from assessments.signing.shown_digest import digest_shown
from assessments.signing.signed_piece import SignedPiece
from assessments.standing.action_record import shown_to
from assessments.standing.readiness import may_be_signed
from assessments.standing.unit_record import UnitStanding, unit_standing
from centres.context import shell_of
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import User
from centres.words import Words
from portfolio.evidence.same_files import same_files
from portfolio.evidence.selectors import period
from portfolio.evidence_age import age_asked, last_day
from portfolio.files.selectors import files_in
from portfolio.files.services import gone_among
from portfolio.models import CandidateUnit, Capacity, EvidenceFile, EvidenceVersion
from portfolio.open_versions import open_version
from portfolio.people_on_unit import people_on
from portfolio.permissions import ROLE_OF, capacity_among
from portfolio.remarks import FAMILY, AgeAsked, Remark, remarks_on
from portfolio.testimony.how_given import HowGiven, how_given
from record.errors import InvalidTransition
from record.keys import SigningKeyUnusable
from record.prepared import prepared
from standards.evidence_kinds import EvidenceKind, Setting

logger = logging.getLogger(__name__)

NEXT = {
    Stage.SUBMISSION: "Then your assessor looks at it. You cannot change evidence or claims until they have.",
    Stage.SIGN_OFF: "Then the {internal_verifier} looks at it. You can take it back until they have countersigned.",
    Stage.SIGN_OFF_CONFIRMED: "Then the {internal_verifier} looks at it.",
    Stage.COUNTERSIGNATURE: "Then the unit is verified, and the Candidate Recording Form is made for good.",
    Stage.COUNTERSIGNATURE_CONFIRMED: "Then the Candidate Recording Form is made for good.",
}
# The same for who holds no award.
NEXT_IS_TO_CONFIRM = {
    Stage.SIGN_OFF: "Then an assessor who holds the award confirms it. You can take it back until it is countersigned.",
    Stage.COUNTERSIGNATURE: "Then an {internal_verifier} who holds the award confirms it, and the form is made for "
    "good.",
}
SERVICES: dict[Stage, Callable[..., Signature]] = {
    Stage.SUBMISSION: unit_submit,
    Stage.SIGN_OFF: unit_sign_off,
    Stage.SIGN_OFF_CONFIRMED: sign_off_confirm,
    Stage.COUNTERSIGNATURE: unit_countersign,
    Stage.COUNTERSIGNATURE_CONFIRMED: countersignature_confirm,
}
SIGNED_OF_A_PIECE = (
    "evidence_id", "number", "title", "kind", "setting", "happened_from", "happened_to", "location", "relevance",
)  # fmt: skip
KINDS, SETTINGS = dict(EvidenceKind.choices), dict(Setting.choices)
NO_KEY = (
    "Nothing was signed: the server cannot use its key for signatures. Tell your centre's coordinator, so that "
    "whoever runs the server looks into its log, and sign again when it is mended."
)
TOO_OFTEN = "That was a wrong password too often. Wait a minute, then try again. Nothing was signed."


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Show exactly what is signed; sign it with the password."""
    found = unit_or_404(request, centre, unit)
    people = people_on(found)
    capacity = capacity_among(request.user, found, people)
    if capacity is None:
        raise PermissionDenied
    if capacity == Capacity.INTERNAL_VERIFIER and request.user in people.kept_out:
        return redirect("assessments:unit", centre=centre, unit=unit)  # which says why
    grid = grid_of(found, all_pieces=False, in_words=True)
    standing = unit_standing(found, grid.version, grid.not_shown)
    leads = people.signs_as(request.user, capacity) is not None
    stage = stage_to_sign(request.user, standing, capacity=capacity, leads=leads)
    if stage is None and not leads and not _signed_by(request.user, standing):
        raise PermissionDenied
    data = form_data(request)
    if stage is None:
        return _nothing_to_sign(request, standing, typed=data.get("comment", "") if data else "")
    form = SignForm(data, with_comment=stage != Stage.SUBMISSION)
    if request.method == "POST" and form.is_valid():
        try:
            signature = _sign(request, found, stage, form)
        except InvalidTransition:  # between our look and the lock
            version = open_version(found)
            return _nothing_to_sign(request, unit_standing(found, version), typed=form.cleaned_data.get("comment", ""))
        except ValidationError as refusal:
            add_refusal(form, refusal)
            grid = grid_of(found, all_pieces=False, in_words=True)  # perhaps it was refused because it had changed
            standing = unit_standing(found, grid.version, grid.not_shown)
        else:
            messages.success(request, _signed(signature))
            return redirect("assessments:unit", centre=centre, unit=unit)
    missing = missing_in_short(grid, standing, stage)
    files = files_in({grid.pieces[evidence].version for evidence, _ in grid.marks})
    gone = gone_among(files)
    at = found.registration.centre
    pieces = _pieces(grid, files, age_asked(at, grid.version), at.words)
    # What the candidate signs, nobody has to have looked at yet.
    looks = looked_at([piece.pk for piece in pieces]) if stage != Stage.SUBMISSION else None
    if looks is not None:
        verify = {people.verifier, *people.further_verifiers}
        for piece in pieces:
            piece.looks = looks.get(piece.pk, ())
            piece.is_unopened = not piece.by_assessor and all(look.person in verify for look in piece.looks)
    context = {
        "unit": found,
        "record": standing,
        "asked": shown_to(standing.actions_signed, request.user, found.registration),
        "asked_beside": shown_to(standing.asked_beside, request.user, found.registration),
        "pieces": pieces,
        "unopened": sum(piece.is_unopened for piece in pieces),
        "same_files": same_files(files, registration=found.registration, person=request.user),
        "criteria": grid_key(grid, unit="../", with_claims=True),
        "stage": str(stage),
        "title": SIGN_WORDS[stage],
        "missing": missing,
        "known": [
            *known_of_portfolio(found, stage),
            *(known_of(found) if SIGNS[stage] == Capacity.INTERNAL_VERIFIER else ()),
        ],
        "gone": gone_in_words(gone) if gone else "",
        # What was typed is shown again in any case.
        "may_sign": (form.is_bound or not gone) and may_be_signed(grid.facts, missing, stage),
        "declaration": DECLARATIONS[stage],
        "next": _next(request, found, stage),
        "form": form,
        "seen": digest_shown(standing, [mark.stamp for mark in grid.marks.values()]),
    }
    response = render(request, "assessments/signing/sign.html", context)
    if request.method == "POST":
        # Somebody who signs after a refusal and then goes back must not read there that nothing was signed.
        response["Cache-Control"] = "private, no-store"
    return response


def _next(request: SignedInRequest, unit: CandidateUnit, stage: Stage) -> str:
    """What follows this signature, in the words of the centre."""
    role, centre = ROLE_OF[SIGNS[stage]], unit.registration.centre
    held = (one for one in shell_of(request).memberships if one.role == role and one.centre_id == centre.pk)
    is_qualified = any(one.is_qualified for one in held)
    said = NEXT[stage] if is_qualified else NEXT_IS_TO_CONFIRM.get(stage, NEXT[stage])
    return unit.registration.centre.words.say(said)


def _signed_by(user: User, record: UnitStanding) -> list[Signature]:
    return [given for given in record.signatures if given.signer.user_id == user.pk]


def _sign(request: SignedInRequest, unit: CandidateUnit, stage: Stage, form: SignForm) -> Signature:
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise ValidationError({"password": TOO_OFTEN})
    said = {"password": form.cleaned_data["password"], "seen": request.POST.get("seen", "")}
    if stage != Stage.SUBMISSION:
        said["comment"] = form.cleaned_data["comment"]
    try:
        signature = SERVICES[stage](unit=unit, actor=request.user, **said)
    except SigningKeyUnusable as error:
        logger.error("Nothing can be signed: %s", error)
        raise ValidationError(NO_KEY) from error
    # It was the right password: a person with many units to sign is not guessing.
    ratelimit.clear(request, action="reauthenticate", user=request.user)
    return signature


def _signed(signature: Signature) -> str:
    return f"Signed. The code of what you signed is {signature.document.digest[:12]}; it is on the form."


def _pieces(grid: Grid, claimed: Sequence[EvidenceFile], age: AgeAsked, called: Words) -> list[SignedPiece]:
    """The pieces that are signed, by number, with their files.

    One query; one more where assessors wrote some, and two more where witnesses did.
    """
    pks = {grid.pieces[evidence].version for evidence, _ in grid.marks}
    shown = {grid.pieces[evidence] for evidence, _ in grid.marks}
    witnessed = how_given([piece.pk for piece in shown if piece.has_witness], called)
    # An accepted expert's observation counts as an assessor's, and yet no assessor has written it.
    written = {piece.pk for piece in shown if piece.author != Capacity.CANDIDATE and not piece.has_witness}
    unseen = not_acknowledged(written) if written else set()
    files: dict[int, list[EvidenceFile]] = defaultdict(list)
    for file in claimed:
        files[file.version_id].append(file)
    return [
        SignedPiece(
            pk=row.pk,
            number=grid.pieces[row.evidence_id].number,
            version=row.number,
            title=row.title,
            kind=KINDS[row.kind],
            setting=SETTINGS[row.setting],
            when=period(row),
            location=row.location,
            relevance=row.relevance,
            files=files[row.pk],
            remarks=remarks_on(
                grid.content.unit,
                kind=row.kind,
                title=row.title,
                author=grid.pieces[row.evidence_id].author,
                is_elsewhere=bool(row.location) and not files[row.pk],
                happened=last_day(row),
                age=age,
            )
            + _of_the_witness(witnessed.get(row.evidence_id)),
            witness=witnessed.get(row.evidence_id),
            by_assessor=row.evidence_id in written,
            is_unseen=row.evidence_id in unseen,
        )
        for row in sorted(_versions(pks), key=lambda row: grid.pieces[row.evidence_id].number)
    ]


def _of_the_witness(how: HowGiven | None) -> list[Remark]:
    """What is marked of a piece that has a witness."""
    if how is None:
        return []
    marked = [FAMILY] if how.is_family else []
    if how.on_candidates_device:
        marked.append(how.sentence)
    return [Remark(sentence=sentence) for sentence in marked]


@prepared
def _versions(pks: Collection[int]) -> QuerySet[EvidenceVersion, EvidenceVersion]:
    return EvidenceVersion.objects.filter(pk__in=pks).only(*SIGNED_OF_A_PIECE)


def _nothing_to_sign(request: SignedInRequest, record: UnitStanding, *, typed: str) -> HttpResponse:
    """Say that there is nothing to sign; after a second press of the button, that the first one counted."""
    unit = record.unit
    here = redirect("assessments:unit", centre=unit.registration.centre.uuid, unit=unit.uuid)
    own = _signed_by(request.user, record)
    state = record.version.get_state_display().lower()
    if own and request.method == "POST":
        messages.success(request, f"{_signed(own[-1])} You pressed the button twice; it was done once.")
        return here
    if own:
        messages.info(request, f"You have signed this unit already: the code is {own[-1].document.digest[:12]}.")
        return here
    messages.warning(request, f"This unit is {state} now, so there is nothing for you to sign. Nothing was changed.")
    if typed:
        return render(request, "assessments/signing/sign_nothing.html", {"unit": unit, "typed": typed})
    return here
