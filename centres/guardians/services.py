"""Records until when a candidate is under 18, and what a guardian consents to; says whether consent is wanting."""

import datetime
from collections import Counter
from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from centres.guardians.models import ComingOfAge, GuardianConsent
from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from record.prepared import prepared
from record.services.events import event_add

ADULT_AT = 18
NOT_A_DAY = (
    "Give the day on which they turn 18. It is to come, and within 18 years; for who is 18 already, leave it empty."
)
NO_CANDIDATE = "Only of candidates is it recorded whether they are under 18."
TOMORROW = "This day has not come yet. Give the day on which the guardian consented."


def coming_of_age(person: User, centre: Centre) -> datetime.date | None:
    """Return the day on which a candidate turns 18, as the centre has it; None if it has none."""
    latest = ComingOfAge.objects.filter(centre=centre, user=person).order_by("-pk").first()
    return latest.day if latest else None


def consent_of(person: User, centre: Centre) -> GuardianConsent | None:
    """Return the guardian's consent that stands for a candidate of the centre."""
    return GuardianConsent.objects.filter(centre=centre, user=person, withdrawn_at=None).first()


def consent_is_wanting(person: User, centre: Centre) -> bool:
    """Whether nothing may be kept that shows the person or lets them be heard: under 18, and no guardian consented."""
    day = coming_of_age(person, centre)
    return day is not None and centre.today < day and consent_of(person, centre) is None


def without_consent(centres: Collection[int], today: datetime.date) -> QuerySet[ComingOfAge]:
    """Of these centres' candidates: the days of those who are under 18 and for whom no guardian's consent stands."""
    same = {"centre": OuterRef("centre"), "user": OuterRef("user")}
    return ComingOfAge.objects.filter(
        Exists(Membership.objects.current().filter(role=Role.CANDIDATE, **same)),
        ~Exists(ComingOfAge.objects.filter(pk__gt=OuterRef("pk"), **same)),  # the latest counts
        ~Exists(GuardianConsent.objects.filter(withdrawn_at=None, **same)),
        centre__pk__in=centres,
        day__gt=today,
    )


def without_consent_at(centres: Collection[Centre]) -> Counter[int]:
    """How many of them there are at each centre, by its primary key; one query."""
    today = {centre.pk: centre.today for centre in centres}
    found = _days_without_consent(list(today), min(today.values()))
    return Counter(centre for centre, day in found if day and day > today[centre])


@prepared
def _days_without_consent(
    centres: Collection[int], today: datetime.date
) -> QuerySet[ComingOfAge, tuple[int, datetime.date | None]]:
    return without_consent(centres, today).values_list("centre", "day")


def require_coming_of_age(day: datetime.date, centre: Centre) -> None:
    """Raise ValidationError unless somebody who is under 18 today may turn 18 on this day."""
    today = centre.today
    if not today < day <= today + datetime.timedelta(days=ADULT_AT * 366):
        raise ValidationError(NOT_A_DAY)


@transaction.atomic
def coming_of_age_set(*, centre: Centre, actor: User, person: User, day: datetime.date | None) -> None:
    """Record the day on which a candidate turns 18, or that they are not under 18 (None). The same again adds nothing.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError with a sentence.
    """
    centre = _locked(centre, actor, person)
    if day == coming_of_age(person, centre):
        return
    if day is not None:
        require_coming_of_age(day, centre)
    row = ComingOfAge(centre=centre, user=person, day=day, author=actor, made_at=timezone.now())
    row.full_clean()
    row.save()
    event_add(chain=centre.chain, kind="coming_of_age.recorded", actor=actor.uuid, at=row.made_at, row=row)


@transaction.atomic
def consent_record(
    *, centre: Centre, actor: User, person: User, guardian: str, relation: str, given_on: datetime.date, shown_by: str
) -> GuardianConsent:
    """Record that a guardian consents to pictures, sound and film of a candidate. `shown_by`: where the paper is.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError with a sentence.
    """
    centre = _locked(centre, actor, person)
    if given_on > centre.today:
        raise ValidationError(TOMORROW)
    row = GuardianConsent(
        centre=centre,
        user=person,
        guardian=guardian,
        relation=relation,
        given_on=given_on,
        shown_by=shown_by,
        author=actor,
        made_at=timezone.now(),
    )
    row.full_clean()
    row.save()
    event_add(chain=centre.chain, kind="consent.recorded", actor=actor.uuid, at=row.made_at, row=row)
    return row


@transaction.atomic
def consent_withdraw(*, consent: GuardianConsent, actor: User, why: str) -> None:
    """Record that a consent does not stand any more; what was kept before stays. Withdrawing twice does nothing.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError without a reason.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=consent.centre_id)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    row = GuardianConsent.objects.select_related(*GuardianConsent.told_with).get(pk=consent.pk)
    if row.withdrawn_at:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), actor, why
    row.full_clean()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    event_add(chain=centre.chain, kind="consent.withdrawn", actor=actor.uuid, at=row.withdrawn_at, row=row)


def _locked(centre: Centre, actor: User, person: User) -> Centre:
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # a second press of the button waits
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    if not Membership.objects.current().filter(centre=centre, user=person, role=Role.CANDIDATE).exists():
        raise ValidationError(NO_CANDIDATE)
    return centre
