"""Who may do what about a visit. Each question is one function, asked by screen, service and form alike."""

from centres.models import Centre, Membership, Role, User
from centres.permissions import roles_in
from portfolio.models import Participation
from verification.models import Visit


def may_sample(user: User, visit: Visit) -> bool:
    """The external verifier picks the sample and marks what they looked at, while their visit is open."""
    return visit.verifier_id == user.pk and visit.is_open and Role.EXTERNAL_VERIFIER in roles_in(user, visit.centre)


def is_visiting(user: User, centre: Centre) -> bool:
    """Whether the person verifies the centre from outside, and a visit of theirs is open now."""
    if Role.EXTERNAL_VERIFIER not in roles_in(user, centre):
        return False
    return Visit.objects.open_now().filter(verifier=user, centre=centre).exists()


def other_capacity(person: User, centre: Centre) -> str:
    """Say why a person cannot verify this centre from outside; empty if they can.

    From docs/contributors/domain.md, "Conflicts": the same person in two capacities is refused.
    """
    called = centre.words
    held = Membership.objects.current().filter(centre=centre, user=person)
    roles = [role for role in held.order_by("pk").values_list("role", flat=True) if role != Role.EXTERNAL_VERIFIER]
    if roles:
        return (
            f"{person} has the role of {called.of_role(roles[0])} at {centre} too, and nobody verifies a centre from "
            "outside in which they have another role. End that role under People, or choose somebody else."
        )
    took_part = Participation.objects.filter(candidate_unit__registration__centre=centre, user=person).first()
    if took_part:
        return (
            f"{person} has taken part in a unit at {centre} as its {called.of_role(took_part.capacity)}, so they "
            "cannot verify its work from outside. Choose somebody else."
        )
    return ""
