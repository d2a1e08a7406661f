"""The second step when people sign in: who must have one, and taking it away from somebody who has lost it.

django-allauth keeps the authenticator apps, passkeys and recovery codes (`Authenticator`), and has their pages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery

from centres.corrections.services import is_only_of
from centres.models import Centre, CentrePolicy, Membership, User
from centres.permissions import may_coordinate
from centres.sign_in.tasks import told_of_second_step
from record.plain_text import plain_line
from record.services.chains import chains_lock, site_chain
from record.services.events import event_add

NONE_THERE = "They have no second step that could be taken away."
NO_REASON = "Say why it is taken away."
ELSEWHERE = "They belong to another centre as well: whoever runs this site takes their second step away."
YOUR_OWN = "Yours you take away on the page of your account."


def second_steps(user: User) -> QuerySet[Authenticator]:
    """Their authenticator app and their passkeys; recovery codes are none by themselves."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


@dataclass(frozen=True)
class Steps:
    """What a person has as a second step, and how many recovery codes are left for when it is not at hand."""

    app: Authenticator | None
    passkeys: Sequence[Authenticator]
    codes_left: int

    @property
    def are_there(self) -> bool:
        """Whether they have any."""
        return bool(self.app or self.passkeys)


def steps_of(user: User) -> Steps:
    """Return what they have, in one query."""
    found = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at"))
    of = {kind: [one for one in found if one.type == kind] for kind in Authenticator.Type}
    codes = [code for one in of[Authenticator.Type.RECOVERY_CODES] for code in one.wrap().get_unused_codes()]
    return Steps(next(iter(of[Authenticator.Type.TOTP]), None), of[Authenticator.Type.WEBAUTHN], len(codes))


def with_second_step(held: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate roles with what `asking_for_second_step` reads, so that pages need no query of their own for it."""
    policies = CentrePolicy.objects.filter(centre=OuterRef("centre")).order_by("-number")
    own = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return held.annotate(
        second_step_roles=Subquery(policies.values("second_step_roles")[:1], output_field=CharField()),
        has_second_step=Exists(own),
    )


def asking_for_second_step(held: Iterable[Membership]) -> list[Membership]:
    """Those of a person's roles, from `with_second_step`, for which a centre asks for a second step that is missing."""
    return [
        one
        for one in held
        if not one.has_second_step and one.role in (one.second_step_roles or "").split()  # type: ignore[attr-defined]
    ]


@transaction.atomic
def second_step_reset(*, centre: Centre, actor: User, person: User, reason: str) -> None:
    """Take all second steps of a person of the centre away, tell them, and sign them out everywhere.

    Raises PermissionDenied for who does not coordinate the centre, ValidationError with a sentence.
    """
    if not may_coordinate(actor, centre) or not Membership.objects.filter(centre=centre, user=person).exists():
        raise PermissionDenied
    if actor == person:
        raise ValidationError(YOUR_OWN)
    if not is_only_of(person, centre):
        raise ValidationError(ELSEWHERE)
    _reset(person, actor=actor, centre=centre, reason=reason)


@transaction.atomic
def second_step_reset_by_operator(*, person: User, reason: str) -> None:
    """The same of anybody, on the command line. Raises ValidationError with a sentence."""
    _reset(person, actor=None, centre=None, reason=reason)


def _reset(person: User, *, actor: User | None, centre: Centre | None, reason: str) -> None:
    if not plain_line(reason):
        raise ValidationError(NO_REASON)
    (site,) = chains_lock(site_chain())  # before the person, as who corrects them does
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not second_steps(person).exists():
        raise ValidationError(NONE_THERE)
    Authenticator.objects.filter(user_id=person.pk).delete()
    event_add(
        chain=site,
        kind="person.second_step_reset",
        actor=actor.uuid if actor else None,
        row=person,
        payload={"reason": plain_line(reason), "centre": str(centre.uuid) if centre else None},
    )
    for session in UserSession.objects.filter(user=person):
        session.end()
    if person.email:
        told_of_second_step.enqueue(person.pk)
