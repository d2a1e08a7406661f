"""Opens visits, and saves what is said in them. Whoever changes a visit locks its row, and nobody else then does."""

import datetime
from collections.abc import Collection
from typing import TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Binding, Origin
from centres.models import Centre, Role, User
from centres.permissions import may_coordinate, roles_in
from portfolio.files.file_types import detect
from portfolio.files.services import file_store
from portfolio.files.uploads import IncomingFile, refusal
from portfolio.models import CandidateUnit, Registration
from portfolio.services.access import accesses_set
from record.services.chains import chains_lock
from record.services.events import Happening, event_add, events_add
from verification.days import in_words
from verification.models import Visit, VisitAction, VisitAsk, VisitMark, VisitReport, VisitSample
from verification.visits.permissions import may_sample, other_capacity

_Row = TypeVar("_Row", VisitMark, VisitAction, VisitAsk)

# --- The visit itself -------------------------------------------------------------------------------


@transaction.atomic
def visit_open(
    *,
    centre: Centre,
    actor: User,
    verifier: User,
    begins_at: datetime.datetime,
    until: datetime.datetime,
    form_key: UUID | None = None,
) -> Visit:
    """Let an external verifier in from one moment until another; return the visit.

    Nothing but the list of candidates is open to them before they pick a sample. `form_key` identifies the form it
    came from: if that is sent twice, the visit that the first sending opened is returned. Raises PermissionDenied
    unless `actor` coordinates the centre; ValidationError for a person without the role or with another one, for
    times that are over or in the wrong order, and while another visit of this person is open.
    """
    centre = _centre_locked(centre, actor)
    if form_key and (sent_before := Visit.objects.filter(centre=centre, uuid=form_key).first()):
        if (sent_before.verifier, sent_before.begins_at, sent_before.until) != (verifier, begins_at, until):
            raise ValidationError("This form has opened a visit already. Look at the list of visits first.")
        return sent_before
    now = timezone.now()
    visit = Visit(
        uuid=form_key or uuid4(),
        centre=centre,
        verifier=verifier,
        begins_at=begins_at,
        until=until,
        opened_by=actor,
        opened_at=now,
    )
    visit.full_clean()
    _refuse_impossible(visit, until)
    visit.save()
    event_add(chain=centre.chain, kind="visit.opened", actor=actor.uuid, at=now, row=visit)
    return visit


@transaction.atomic
def visit_extend(*, visit: Visit, actor: User, until: datetime.datetime) -> Visit:
    """Let the visit last until another moment; one that has ended is opened again. Returns it as it is now.

    The portfolios that its sample is from are open until then too. Raises what `visit_open` raises.
    """
    centre = _centre_locked(visit.centre, actor)
    visit = _locked(visit)
    visit.centre = centre
    was_over = visit.is_over
    if until == visit.until and not was_over:
        raise ValidationError("The visit lasts until this day already. Choose another one.")
    _refuse_impossible(visit, until)
    visit.until, visit.ended_at = until, None
    visit.full_clean()
    registrations = _registrations_of(visit)
    _lock_chains(visit, registrations)
    visit.save(update_fields=["until", "ended_at"])
    accesses_set(registrations=registrations, user=visit.verifier, actor=actor, until=until)
    event_add(
        chain=centre.chain, kind="visit.extended", actor=actor.uuid, row=visit, payload={"opened_again": was_over}
    )
    return visit


@transaction.atomic
def visit_end(*, visit: Visit, actor: User) -> Visit:
    """End the visit now, and all that it opened. What has ended already stays as it is. Returns it as it is now.

    Raises PermissionDenied unless `actor` coordinates the centre.
    """
    _refuse_others(visit, actor)
    visit = _locked(visit)
    if visit.is_over:
        return visit
    registrations = _registrations_of(visit)
    _lock_chains(visit, registrations)
    visit.ended_at = timezone.now()
    visit.save(update_fields=["ended_at"])
    accesses_set(registrations=registrations, user=visit.verifier, actor=actor, until=None)
    event_add(chain=visit.centre.chain, kind="visit.ended", actor=actor.uuid, at=visit.ended_at, row=visit)
    return visit


# --- The sample, and what was looked at -------------------------------------------------------------


@transaction.atomic
def sample_add(*, visit: Visit, actor: User, units: Collection[CandidateUnit]) -> list[VisitSample]:
    """Add units to the sample, or propose them, if the coordinator does; return what was not there before.

    What the external verifier takes opens the whole portfolio to them until the visit ends. Raises PermissionDenied
    for everybody else; ValidationError once the visit is over, and without any unit.
    """
    visit = _locked(visit)
    takes = actor.pk == visit.verifier_id
    if takes:
        _require_visiting(visit, actor)
    else:
        _refuse_others(visit, actor)
        _refuse_over(visit)
    if not units:
        raise ValidationError("Tick at least one unit.")
    if any(unit.registration.centre_id != visit.centre_id for unit in units):
        raise PermissionDenied
    now = timezone.now()
    there = {sample.candidate_unit_id: sample for sample in visit.samples.filter(candidate_unit__in=units)}
    changed = []
    for unit in units:
        sample = there.get(unit.pk)
        if sample is None:
            sample = VisitSample(visit=visit, candidate_unit=unit, added_by=actor, added_at=now)
        elif not takes or sample.taken_at:
            continue
        sample.candidate_unit, sample.taken_at = unit, now if takes else None
        changed.append(sample)
    registrations = list({sample.candidate_unit.registration for sample in changed}) if takes else []
    registrations.sort(key=lambda one: one.pk)
    _lock_chains(visit, registrations)
    for sample in changed:
        sample.save()
    accesses_set(registrations=registrations, user=visit.verifier, actor=actor, until=visit.until)
    happenings = [Happening(kind="visit.sampled" if takes else "visit.proposed", row=sample) for sample in changed]
    events_add(chain=visit.centre.chain, actor=actor.uuid, at=now, happenings=happenings)
    return changed


@transaction.atomic
def unit_mark(*, sample: VisitSample, actor: User, note: str, form_key: UUID | None = None) -> VisitMark:
    """Put the external verifier's mark on a unit of their sample: they have looked at it. Returns the mark.

    A unit may get several: whoever comes back looks again. Sent twice, a form makes one. Raises PermissionDenied for
    everybody else, ValidationError for a note that is too long and once the visit is over.
    """
    visit = _locked(sample.visit)
    _require_visiting(visit, actor)
    if sample.taken_at is None:
        raise ValidationError("This unit is only proposed. Take it into the sample first.")
    if form_key and (sent_before := VisitMark.objects.filter(sample=sample, uuid=form_key).first()):
        return sent_before
    mark = VisitMark(uuid=form_key or uuid4(), sample=sample, person=actor, made_at=timezone.now(), note=note)
    return _saved(mark, visit, "visit.marked", actor, mark.made_at)


# --- The report, and what it asks for ---------------------------------------------------------------


@transaction.atomic
def report_add(*, visit: Visit, actor: User, incoming: IncomingFile) -> VisitReport:
    """Keep the external verifier's report with the visit; the same file once. Returns it.

    It is no evidence, so the centre's policy on evidence does not bind it. Raises PermissionDenied unless `actor`
    coordinates the centre; ValidationError, with a sentence, for a file that did not arrive, is empty or dangerous.
    """
    _refuse_others(visit, actor)
    if (why := refusal(incoming)) is not None:
        raise ValidationError(why, code="not_received")
    file_type = detect(incoming.path, str(incoming.name))
    visit = _locked(visit)
    now, stored_file = timezone.now(), file_store(centre=visit.centre, incoming=incoming)
    if sent_before := visit.reports.filter(stored_file=stored_file).first():
        return sent_before
    report = VisitReport.objects.create(
        visit=visit,
        stored_file=stored_file,
        name=str(incoming.name),
        content_type=file_type.content_type,
        added_by=actor,
        added_at=now,
    )
    event_add(chain=visit.centre.chain, kind="visit.reported", actor=actor.uuid, at=now, row=report)
    return report


@transaction.atomic
def action_add(
    *,
    visit: Visit,
    actor: User,
    owner: User,
    owned_as: Role,
    words: str,
    due: datetime.date,
    form_key: UUID | None = None,
) -> VisitAsk:
    """Ask somebody of the centre for what the report wants, by a day: an action, whose answer a coordinator accepts.

    Sent twice, a form asks once. Raises PermissionDenied unless `actor` coordinates the centre, and ValidationError
    without words, for a day that is over and for who does not hold the role.
    """
    _refuse_others(visit, actor)
    visit = _locked(visit)
    if form_key and (sent_before := visit.asks.filter(uuid=form_key).first()):
        return sent_before
    action = action_ask(
        actor=actor,
        asked_as=Role.COORDINATOR,
        owner=owner,
        owned_as=owned_as,
        centre=visit.centre,
        wanted=ActionWanted(text=words, binding=Binding.DATE, due=due),
        origin=Origin.VISIT,
    )
    ask = VisitAsk(uuid=form_key or uuid4(), visit=visit, action=action)
    return _saved(ask, visit, "visit.asked", actor, action.asked_at)


@transaction.atomic
def action_done(*, action: VisitAction, actor: User, words: str) -> VisitAction:
    """Note that what a report asked for in the old way is done, and how; return it.

    Raises PermissionDenied unless `actor` coordinates the centre; ValidationError without words, and where somebody
    else has noted it already.
    """
    visit = _locked(action.visit)
    _refuse_others(visit, actor)
    action = VisitAction.objects.select_related("visit", "added_by", "done_by").get(pk=action.pk)
    if action.done_at and action.done_by:
        day = in_words(timezone.localtime(action.done_at, visit.zone).date())
        raise ValidationError(f"{action.done_by} noted this as done on {day} already. Nothing was changed.")
    action.done_words, action.done_by, action.done_at = words, actor, timezone.now()
    return _saved(action, visit, "visit.action_done", actor, action.done_at)


# --- What all of them ask ---------------------------------------------------------------------------


def _centre_locked(centre: Centre, actor: User) -> Centre:
    """Return the centre, locked so that no two visits are opened at once, for a person who coordinates it."""
    centre = Centre.objects.select_for_update(no_key=True, of=("self",)).select_related("chain").get(pk=centre.pk)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    return centre


def _locked(visit: Visit) -> Visit:
    """Return the visit as it is once nobody else changes it."""
    Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    return Visit.objects.select_related("centre__chain", "verifier", "opened_by").get(pk=visit.pk)


def _lock_chains(visit: Visit, registrations: Collection[Registration]) -> None:
    chains_lock(visit.centre.chain, *(registration.chain for registration in registrations))


def _registrations_of(visit: Visit) -> list[Registration]:
    """The portfolios that its sample is from, with their chains."""
    taken = visit.samples.filter(taken_at__isnull=False)
    found = Registration.objects.filter(pk__in=taken.values("candidate_unit__registration"))
    return list(found.select_related("chain").order_by("pk"))


def _refuse_others(visit: Visit, actor: User) -> None:
    if not may_coordinate(actor, visit.centre):
        raise PermissionDenied


def _refuse_over(visit: Visit) -> None:
    if visit.is_over:
        raise ValidationError(
            f"The visit ended on {in_words(visit.last_day)}, so nothing was saved. Open it again first."
        )


def _require_visiting(visit: Visit, actor: User) -> None:
    if actor.pk != visit.verifier_id:
        raise PermissionDenied
    if visit.is_over:
        raise ValidationError(f"Your visit ended on {in_words(visit.last_day)}. Nothing was saved.")
    if not may_sample(actor, visit):
        raise PermissionDenied
    if why := other_capacity(actor, visit.centre):
        raise ValidationError(why)


def _refuse_impossible(visit: Visit, until: datetime.datetime) -> None:
    """Refuse a visit that is over before it begins, another at the same time, and the wrong person."""
    now, verifier, centre = timezone.now(), visit.verifier, visit.centre
    if Role.EXTERNAL_VERIFIER not in roles_in(verifier, centre):
        raise ValidationError(f"{verifier} is no {centre.words.external_verifier} of {centre} any more.")
    if why := other_capacity(verifier, centre):
        raise ValidationError(why)
    if until <= now:
        raise ValidationError({"until": "This day is over. Choose a later one."})
    others = Visit.objects.filter(
        centre=centre,
        verifier=verifier,
        ended_at__isnull=True,
        until__gt=max(now, visit.begins_at),
        begins_at__lt=until,
    ).exclude(pk=visit.pk)
    if other := others.order_by("begins_at").first():
        first = in_words(timezone.localtime(other.begins_at, visit.zone).date())
        raise ValidationError(
            f"{verifier} has a visit from {first} to {in_words(other.last_day)}, and has one at a time. "
            "Extend that one, or end it first."
        )


def _saved(row: _Row, visit: Visit, kind: str, actor: User, at: datetime.datetime) -> _Row:
    """Save a row of the visit and tell of it. Raises ValidationError for what people typed."""
    row.full_clean()
    row.save()
    event_add(chain=visit.centre.chain, kind=kind, actor=actor.uuid, at=at, row=row)
    return row
