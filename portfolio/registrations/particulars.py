"""Records what an awarding body asks of a registration, and corrects it; reads what was said when."""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from itertools import pairwise

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import may_coordinate
from centres.staff.models import day_in_words
from centres.words import Words
from portfolio.models import Registration, RegistrationParticulars
from portfolio.services.units import units_hold
from record.errors import ChangedMeanwhile
from record.services.chains import chains_lock
from record.services.events import event_add

NO_REASON = "Say why what was there is changed: it stays in the record."
NOT_YET = "This day has not come yet. Give one that is past, or today."
PAST = ("registered_on", "ended_on", "claimed_on")  # days of what has happened
OFFERED = ("awarding_body", "site", "cohort", "language")  # whose words a centre uses again


@dataclass(frozen=True, kw_only=True)
class ParticularsSaid:
    """What somebody says of a registration; empty is what they do not know. The names are those of the table."""

    number: str = ""
    uln: str = ""
    awarding_body: str = ""
    qualification_number: str = ""
    registered_on: datetime.date | None = None
    started_on: datetime.date | None = None
    target_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    site: str = ""
    cohort: str = ""
    language: str = ""
    claimed_on: datetime.date | None = None
    certificate_number: str = ""

    @property
    def is_more_than_a_number(self) -> bool:
        """Whether anything is said besides the candidate's number, which every registration has a place for."""
        return self != ParticularsSaid(number=self.number)

    def changes(self, before: "ParticularsSaid") -> bool:
        """Whether anything that was said before is changed or left out now, and not only added to."""
        return any(was and was != getattr(self, name) for name, was in asdict(before).items())


NOTHING_SAID = ParticularsSaid()
NAMES = tuple(field.name for field in fields(ParticularsSaid))
LABELS = {
    "number": "{Candidate} number",
    "uln": "ULN",
    "awarding_body": "Awarding body",
    "qualification_number": "Qualification number",
    "registered_on": "Registered with the awarding body",
    "started_on": "Start",
    "target_on": "Target date",
    "ended_on": "End",
    "site": "Site",
    "cohort": "Programme or cohort",
    "language": "Language of assessment",
    "claimed_on": "Certificate claimed",
    "certificate_number": "Certificate number",
}


def current_particulars(registration: Registration) -> RegistrationParticulars | None:
    """Return what counts now; None where nothing but the candidate's number was ever said."""
    return RegistrationParticulars.objects.current().filter(registration=registration).first()


def said_in(row: RegistrationParticulars | None, registration: Registration) -> ParticularsSaid:
    """Return what a row says; without one, what the registration itself does."""
    if row is None:
        return ParticularsSaid(number=registration.number)
    return ParticularsSaid(**{name: getattr(row, name) for name in NAMES})


def particulars_first(
    *, registration: Registration, actor: User, said: ParticularsSaid, at: datetime.datetime
) -> RegistrationParticulars | None:
    """Keep what was said when a candidate was registered, and return it; None where that was the number at most.

    For the service that registers, whose event tells of it. Raises ValidationError for what particulars cannot say.
    """
    if not said.is_more_than_a_number:
        return None
    row = _row(registration, said, actor, at)
    _keep(row, version=1)
    return row


def is_first_said(registration: Registration, actor: User, said: ParticularsSaid) -> bool:
    """Whether exactly this was said when the candidate was registered. Raises ValidationError for what cannot be."""
    first = registration.particulars.filter(version=1).first()
    return said_in(_row(registration, said, actor, timezone.now()), registration) == said_in(first, registration)


@transaction.atomic
def particulars_record(
    *, registration: Registration, actor: User, said: ParticularsSaid, seen: int, reason: str = ""
) -> bool:
    """Let this be said of a registration from now on, and return whether anything differs from before.

    `seen` is the number of the version that was shown, 0 where there was none. What was signed keeps what it says.
    Raises PermissionDenied unless `actor` coordinates the centre, ChangedMeanwhile if somebody else changed it since,
    ValidationError for what particulars cannot say, and without a reason for a change of what was there.
    """
    locked = Registration.objects.select_for_update(no_key=True, of=("self",))
    registration = locked.select_related(*Registration.told_with).get(pk=registration.pk)
    centre = registration.centre
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    units_hold(registration)  # nobody signs meanwhile: a form has either the old or the new
    stands = current_particulars(registration)
    before = said_in(stands, registration)
    if seen != (stands.version if stands else 0):
        if said == before:
            return False
        raise ChangedMeanwhile("The particulars were")
    now = timezone.now()
    row = _row(registration, said, actor, now, reason=reason, before=before)
    said = said_in(row, registration)  # as it is kept
    if said == before:
        return False
    corrects = said.changes(before)
    if corrects and not row.reason:
        raise ValidationError({"reason": NO_REASON})
    if stands is None and registration.number:  # so that what the first change replaced can be told
        stands = _row(registration, before, None, registration.registered_at)
        _keep(stands, version=1)
    also: list[RegistrationParticulars | Registration] = []
    if stands:
        stands.replaced_at = now
        stands.save(update_fields=["replaced_at"])
        also.append(stands)
    _keep(row, version=stands.version + 1 if stands else 1)
    chains = chains_lock(centre.chain, registration.chain)
    if said.number != registration.number:
        registration.number = said.number
        registration.save(update_fields=["number"])
        also.append(registration)
        event_add(chain=chains[0], kind="portfolio.corrected", actor=actor.uuid, at=now, row=registration)
    kind = "particulars.corrected" if corrects else "particulars.recorded"
    event_add(chain=chains[1], kind=kind, actor=actor.uuid, at=now, row=row, also=also)
    return True


def words_before(centre: Centre, *names: str) -> dict[str, list[str]]:
    """The words that registrations of the centre have now for a site, a cohort and the like, in order; one query."""
    rows = RegistrationParticulars.objects.current().filter(registration__centre=centre)
    found = list(rows.order_by().values_list(*names).distinct())
    return {
        name: sorted({row[place] for row in found} - {""}, key=lambda words: (words.casefold(), words))
        for place, name in enumerate(names)
    }


@dataclass(frozen=True, kw_only=True)
class ParticularsChange:
    """What somebody said at one time: each part, what it was and what it became, in words; empty for nothing."""

    at: datetime.datetime
    by: str
    reason: str
    parts: tuple[tuple[str, str, str], ...]


def particulars_changes(registration: Registration, called: Words) -> list[ParticularsChange]:
    """Return who said what and when, the latest first."""
    rows = list(registration.particulars.select_related("author").order_by("version"))
    if rows and rows[0].author:
        rows = [RegistrationParticulars(registration=registration), *rows]  # nothing was said before
    return [
        ParticularsChange(
            at=after.made_at,
            by=str(after.author),
            reason=after.reason,
            parts=tuple(_differing(said_in(before, registration), said_in(after, registration), called)),
        )
        for before, after in reversed(list(pairwise(rows)))
    ]


def particulars_of(registration: Registration) -> list[tuple[str, str]]:
    """Return what is said of a registration beside the number, each part with its label, for who reads it."""
    said = asdict(said_in(current_particulars(registration), registration))
    called = registration.centre.words
    return [(called.say(LABELS[name]), _in_words(value)) for name, value in said.items() if value and name != "number"]


def _differing(before: ParticularsSaid, after: ParticularsSaid, called: Words) -> Iterator[tuple[str, str, str]]:
    for name in NAMES:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            yield called.say(LABELS[name]), _in_words(was), _in_words(is_now)


def _in_words(value: str | datetime.date | None) -> str:
    return day_in_words(value) if isinstance(value, datetime.date) else value or ""


def _row(
    registration: Registration,
    said: ParticularsSaid,
    author: User | None,
    at: datetime.datetime,
    *,
    reason: str = "",
    before: ParticularsSaid = NOTHING_SAID,
) -> RegistrationParticulars:
    """A row that says this, in plain words, and is not kept yet.

    Words are written as the centre wrote them before, where only spaces and capitals differ: "main site" is "Main
    site" once more. But whoever corrects the capitals of what was said `before` means them.
    """
    row = RegistrationParticulars(registration=registration, author=author, made_at=at, reason=reason, **asdict(said))
    row.clean_fields(exclude=["registration", "author", "version"])
    for name, known in words_before(registration.centre, *OFFERED).items():
        words = " ".join(getattr(row, name).split())
        is_recased = words.casefold() == getattr(before, name).casefold()
        alike = () if is_recased else (one for one in known if one.casefold() == words.casefold())
        setattr(row, name, next(iter(alike), words))
    today = registration.centre.today
    if to_come := [name for name in PAST if author and (day := getattr(row, name)) and day > today]:
        raise ValidationError(dict.fromkeys(to_come, NOT_YET))
    return row


def _keep(row: RegistrationParticulars, *, version: int) -> None:
    row.version = version
    row.full_clean()
    row.save()
