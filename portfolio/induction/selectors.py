"""Who has signed their induction, and who has not."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from centres.models import Centre, Membership, Role
from portfolio.models import Induction, Registration, State, UnitVersion
from record.prepared import prepared


def induction_of(registration: Registration) -> Induction | None:
    """The induction that was signed for the portfolio; one query."""
    found = _signed(registration.pk)
    return found[0] if found else None


@prepared
def _signed(registration: int) -> QuerySet[Induction, Induction]:
    return Induction.objects.filter(registration=registration)


def without_induction() -> QuerySet[Registration]:
    """The portfolios that are worked on and whose candidate, while they are one, has not signed.

    Who has nothing left to do is not asked any more.
    """
    is_candidate = Membership.objects.current().filter(
        centre=OuterRef("centre"), user=OuterRef("candidate"), role=Role.CANDIDATE
    )
    open_units = UnitVersion.objects.worked_on().filter(~Q(state=State.VERIFIED))
    return Registration.objects.filter(
        Exists(open_units.filter(candidate_unit__registration=OuterRef("pk"))),
        Exists(is_candidate),
        induction__isnull=True,
    )


@prepared
def waiting_for(user: int, centre: int) -> QuerySet[Registration, Registration]:
    """The portfolios of a person at a centre for which they have not signed; both by primary key."""
    own = without_induction().filter(candidate=user, centre=centre)
    return own.select_related("centre", "qualification").order_by("pk")


def without_induction_at(centres: Collection[Centre]) -> dict[int, int]:
    """How many of them there are at each centre, by its primary key; one query."""
    return dict(_counted([centre.pk for centre in centres]))


@prepared
def _counted(centres: Collection[int]) -> QuerySet[Registration, tuple[int, int]]:
    counted = without_induction().filter(centre__pk__in=centres).values("centre").annotate(number=Count("pk"))
    return counted.order_by().values_list("centre", "number")
