"""Who may raise a case, who may handle it, and who takes which step. Screen, service and form ask the same functions.

Who reads one: `CaseQuerySet.visible_to`.
"""

from assessments.models import Signature
from centres.models import Centre, Role, User
from centres.permissions import roles_in
from centres.selectors import holders
from portfolio.models import Capacity, Participation, Registration
from portfolio.people_on_unit import people_on
from verification.models import Case, CaseKind, CaseStepKind

STAFF = frozenset({Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR})
OVERSEES = (Role.COORDINATOR, Role.INTERNAL_VERIFIER)
# As what somebody can handle a case that stands there; where nothing is said, it waits for who raised it.
HANDLED_AS: dict[CaseKind, dict[CaseStepKind, tuple[Role, ...]]] = {
    CaseKind.APPEAL: {
        CaseStepKind.RAISED: (Role.ASSESSOR,),
        CaseStepKind.TO_VERIFIER: (Role.INTERNAL_VERIFIER,),
        CaseStepKind.TO_PANEL: (Role.COORDINATOR,),
    },
    CaseKind.COMPLAINT: dict.fromkeys(
        (CaseStepKind.RAISED, CaseStepKind.ACKNOWLEDGED, CaseStepKind.LOOKED_INTO), OVERSEES
    ),
    CaseKind.MALPRACTICE: dict.fromkeys(
        (CaseStepKind.RAISED, CaseStepKind.LOOKED_INTO, CaseStepKind.REPORTED), (*OVERSEES, Role.ASSESSOR)
    ),
}
# What who raised it does themselves; a coordinator may note all of it for them, but never withdraw it.
OF_WHO_RAISED = frozenset(
    {CaseStepKind.TO_VERIFIER, CaseStepKind.TO_PANEL, CaseStepKind.SETTLED, CaseStepKind.WITHDRAWN}
)


def handled_as(case: Case, stands: CaseStepKind) -> tuple[Role, ...]:
    """The roles in which somebody can handle the case where it stands; none where it waits for who raised it."""
    return HANDLED_AS[CaseKind(case.kind)].get(stands, ())


def raises_as(user: User, centre: Centre, kind: CaseKind, registration: Registration | None) -> Role | None:
    """As what the person may raise such a case; `registration` is the portfolio it is about, if it is about one.

    A candidate appeals and complains from their own portfolio. Coordinators write down the appeals of others, staff
    complaints and what may be malpractice: never about their own portfolio.
    """
    roles = roles_in(user, centre)
    if registration and registration.candidate_id == user.pk:
        return Role.CANDIDATE if Role.CANDIDATE in roles and kind != CaseKind.MALPRACTICE else None
    wanted = (Role.COORDINATOR,) if kind == CaseKind.APPEAL else (*OVERSEES, Role.ASSESSOR)
    return next((role for role in wanted if role in roles), None)


def why_not_handle(user: User, case: Case, stands: CaseStepKind) -> str:
    """Say why a person cannot handle the case where it stands; empty if they can.

    An appeal is reconsidered by who judged, and from then on never decided by anybody who judged or signed in the unit.
    No case is handled by whom it is about, by whose case it is, or by who complains.
    """
    wanted = handled_as(case, stands)
    if not wanted:
        return "It waits for who raised it."
    if handles_as(user, case, stands) is None:
        called = " or ".join(case.centre.words.of_role(role) for role in wanted)
        return f"{user} does not work here as {called} now."
    return against(case, stands).get(user.pk, "").format(name=user)


def against(case: Case, stands: CaseStepKind) -> dict[int, str]:
    """Whom the case is against or of, by primary key: why they cannot handle it where it stands. Two queries at most.

    A verifier who only sampled the unit neither judged nor signed in it.
    """
    found: dict[int, str] = {}
    unit = case.candidate_unit_id
    if case.kind == CaseKind.APPEAL and stands != CaseStepKind.RAISED and unit:
        judged = Participation.objects.filter(candidate_unit=unit).exclude(capacity=Capacity.INTERNAL_VERIFIER)
        signed = Signature.objects.filter(unit_version__candidate_unit=unit)
        people = {*judged.values_list("user", flat=True), *signed.values_list("signer__user", flat=True)}
        found = dict.fromkeys(people, "{name} judged or signed in this unit: the appeal is against that, too.")
    if case.kind == CaseKind.COMPLAINT and not case.on_behalf:
        found[case.raised_by_id] = "{name} complains, and therefore cannot handle it."
    if case.registration:
        found[case.registration.candidate_id] = "It is about the portfolio of {name}, who cannot handle it."
    if case.about_id:
        found[case.about_id] = "It is about {name}, who therefore cannot handle it."
    return found


def handles_as(user: User, case: Case, stands: CaseStepKind) -> Role | None:
    """The role in which somebody could handle the case where it stands, if they hold it."""
    roles = roles_in(user, case.centre)
    return next((role for role in handled_as(case, stands) if role in roles), None)


def oversees(user: User, case: Case) -> Role | None:
    """As what the person sees to it that somebody handles the case: a coordinator, whom it is not against.

    Of a complaint about a coordinator the internal verifiers do.
    """
    roles = roles_in(user, case.centre)
    if user not in who_oversees(case):
        return None
    return Role.COORDINATOR if Role.COORDINATOR in roles else Role.INTERNAL_VERIFIER


def who_oversees(case: Case) -> list[User]:
    """Everybody who does, by name."""
    people = {one.pk: one for one in holders(case.centre, Role.COORDINATOR)}
    if case.kind == CaseKind.COMPLAINT and case.about_id in people:
        people |= {one.pk: one for one in holders(case.centre, Role.INTERNAL_VERIFIER)}
    no = against(case, CaseStepKind.TO_VERIFIER)
    return sorted((one for pk, one in people.items() if pk not in no), key=lambda one: (one.name, one.pk))


def may_name(user: User, case: Case) -> bool:
    """Whether the person says who else handles it: of malpractice only who oversees it lets anybody in."""
    return case.kind != CaseKind.MALPRACTICE or oversees(user, case) is not None


def takes_as(user: User, case: Case, kind: CaseStepKind, stands: CaseStepKind) -> Role | None:
    """The role in which the person takes this step now, if they may: the one rule of who does what in a case."""
    if kind in OF_WHO_RAISED:
        if user.pk == case.raised_by_id or (case.registration and case.registration.candidate_id == user.pk):
            return Role(case.raised_as) if user.pk == case.raised_by_id else Role.CANDIDATE
        return oversees(user, case) if kind != CaseStepKind.WITHDRAWN else None
    if kind == CaseStepKind.GIVEN:
        return oversees(user, case) if handled_as(case, stands) else None
    if why_not_handle(user, case, stands):
        return None
    if case.handler_id != user.pk and not (oversees(user, case) and _coordinators_may_take(case, stands)):
        return None
    return handles_as(user, case, stands)


def first_handler(case: Case) -> User | None:
    """Who reconsiders an appeal: who judged, or else leads in assessing the unit now, if they still assess here."""
    if case.kind != CaseKind.APPEAL or case.candidate_unit is None:
        return None
    judged = [case.judgement.author.user] if case.judgement else []
    lead = people_on(case.candidate_unit).assessor
    for person in (*judged, *([lead] if lead else [])):
        if not why_not_handle(person, case, CaseStepKind.RAISED):
            return person
    return None


def _coordinators_may_take(case: Case, stands: CaseStepKind) -> bool:
    """Whether who oversees the case may take the step themselves: not what an assessor or a verifier decides."""
    return case.kind != CaseKind.APPEAL or stands == CaseStepKind.TO_PANEL
