"""Whom a declared interest, or what they did before, keeps from acting. Asked of one person and within queries."""

from collections.abc import Collection

from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, OuterRef, Q, TextChoices, Value, When

from centres.models import User
from portfolio.models import Capacity, Interest, Participation


class KeptOutFor(TextChoices):
    """Why the person of an allocation cannot act by it."""

    TOOK_PART = "took_part", "They have taken part in the unit in another capacity"
    INTEREST = "interest", "A family or business interest of theirs is declared"


def conflicts_of(person: User, registrations: Collection[int]) -> dict[int, Interest]:
    """The family or business interest of a person in each of these portfolios (by primary key); one query."""
    declared = Interest.objects.conflicting().filter(person=person, registration__in=registrations)
    return {one.registration_id: one for one in declared.order_by("-pk")}


def is_kept_out() -> ExpressionWrapper:
    """Whether the person of an allocation cannot act by it; `kept_out_for` says why.

    A verifier who wrote evidence that was claimed after they were allocated, say, or of whom a family or business
    interest is declared. `assessments.standing.whose_turn` asks the same in SQL.
    """
    return ExpressionWrapper(Q(_took_part()) | Q(_verifies_despite_interest()), BooleanField())


def kept_out_for() -> Case:
    """Why they cannot act by it: one of `KeptOutFor`, "" where they can."""
    return Case(
        When(_took_part(), then=Value(KeptOutFor.TOOK_PART.value)),
        When(_verifies_despite_interest(), then=Value(KeptOutFor.INTEREST.value)),
        default=Value(""),
    )


def _took_part() -> Exists:
    taken_part = Participation.objects.filter(candidate_unit=OuterRef("candidate_unit"), user=OuterRef("user"))
    return Exists(taken_part.filter(~Q(capacity=OuterRef("capacity"))))


def _verifies_despite_interest() -> Q:
    declared = Interest.objects.conflicting().filter(
        registration=OuterRef("candidate_unit__registration"), person=OuterRef("user")
    )
    return Q(Exists(declared), capacity=Capacity.INTERNAL_VERIFIER)
