"""The people as whom a visitor may look around in the demo, and the one password with which they sign."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from centres.invitations.models import InvitationState
from centres.models import Membership, Role, User

DEMO_PASSWORD = "countersign demo"  # noqa: S105 - it is shown on the sign-in page

# What a visitor finds as each person of the demo, by e-mail address or number; `manage.py demo` makes it so.
DEMO_LINES = {
    f"{first_name}@pelican-reach.example": line
    for first_name, line in {
        "tamika": "Has just begun: nothing in the portfolio yet.",
        "anika": "Is registered on CVQ level 2; nobody is allocated to her units yet.",
        "leon": "Is collecting evidence; some of it has been judged.",
        "imran": "City & Guilds 323: has begun, with papers that stay at the clinic.",
        "esi": "OCR 58A: is collecting; some of it has been judged.",
        "jermaine": "CVQ level 2: one unit is still to be chosen, and nothing has happened for weeks.",
        "keisha": "CVQ level 2: six units at every stage, and one set aside.",
        "tomas": "OCR 58A: has submitted the unit and waits for the assessor.",
        "denzil": "OCR 58A: signed off; another assessor is to confirm that.",
        "grace": "City & Guilds 323: signed off, waits for the internal verifier.",
        "shanice": "Has submitted the unit; the assessor has judged it.",
        "marcus": "Waits for the internal verifier to countersign.",
        "nadia": "Was signed off, then sent back to the assessor.",
        "winston": "Finished: verified, reopened, and verified again.",
        "camille": "Left early, with a certificate for one unit; reads what she has done.",
        "priya": "Had the unit returned with a reason, and is working on it.",
        "aisha": "Was verified; the unit was reopened and is in work again.",
        "callum": "Has submitted the unit and waits for the assessor.",
        "rosalind": "Finished: the form is printed and signed by all three.",
        "desmond": "Assesses at the hotels, the resort, the shops and the clinic; confirms what Helen signs off.",
        "helen": "Works towards the assessor's award; assesses at the helpline, the council and the ferry.",
        "joycelyn": "Verifies what Desmond assesses.",
        "owen": "Verifies what Helen assesses; nothing waits for him now.",
        "edmund": "Comes from the awarding body; a visit is open to him, with three units to look at.",
        "marva": "Looks after people, registrations and allocations.",
    }.items()
} | {
    "2041": "Comes from a school, and signs in with a number. She is under 18, and her mother has consented.",
    "2042": "Comes from a school, and signs in with a number. He is under 18: no picture of him is taken yet.",
}


# One unit, and the four people around it: what a visitor does first.
START = {
    f"{first_name}@pelican-reach.example": line
    for first_name, line in {
        "leon": "Collects evidence for B10 on his phone: add some, say what it shows, submit.",
        "desmond": "Judges it beside the evidence, and signs off.",
        "joycelyn": "Verifies it and countersigns: the form is made.",
        "marva": "Looks after people, registrations and allocations.",
    }.items()
}


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """One button of the demo's sign-in page. `start` says what to do as one of those whom a visitor begins with."""

    uuid: UUID
    name: str
    role: Role  # the first of those they hold
    roles: str
    line: str
    start: str


def demo_users() -> QuerySet[User]:
    """The people of the demo centre who were never in any other centre; nobody, unless this is the demo."""
    if not settings.DEMO:
        return User.objects.none()
    people = User.objects.filter(
        is_active=True,
        pk__in=Membership.objects.current().filter(centre__is_demo=True).values("user_id"),
    )
    people = people.exclude(invitations__state=InvitationState.WAITING)  # they have yet to come in
    return people.exclude(pk__in=Membership.objects.filter(centre__is_demo=False).values("user_id"))


def demo_people() -> list[DemoPerson]:
    """Those people as the sign-in page shows them, in the order of their roles."""
    held = (
        Membership.objects.current()
        .filter(centre__is_demo=True, user__in=demo_users())
        .select_related("user")
        .order_by("pk")
    )
    roles: dict[User, list[Role]] = {}
    for membership in held:
        roles.setdefault(membership.user, []).append(Role(membership.role))
    order = list(Role)
    people = sorted(roles.items(), key=lambda item: min(order.index(role) for role in item[1]))
    return [
        DemoPerson(
            uuid=user.uuid,
            name=user.name,
            role=min(held_roles, key=order.index),
            roles=", ".join(str(role.label) for role in sorted(held_roles, key=order.index)).capitalize(),
            line=DEMO_LINES.get(user.email or user.candidate_number, ""),
            start=START.get(user.email, ""),
        )
        for user, held_roles in people
    ]
