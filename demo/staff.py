"""What is on record of the demo's staff: Desmond, Joycelyn and Owen hold their awards, Helen works towards hers.

Desmond's certificate and Helen's registration are there as files.
"""

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal

from centres.models import Centre, Role, User
from centres.staff.kinds import StaffKind
from centres.staff.services import StaffDetails, staff_record_add
from demo.clock import told_at
from demo.files import TypedLetter
from demo.stories import DESMOND, HELEN, JOYCELYN, MARVA, OWEN, StoryPerson
from portfolio.files.uploads import IncomingFile
from portfolio.staff_certificates.services import staff_certificate_add

CUSTOMER_SERVICE = "NVQ Customer Service, levels 2 and 3; CVQ Customer Service, level 2"
A_DAY = datetime.timedelta(days=1)
PAPERS = {
    (DESMOND, StaffKind.AWARD): TypedLetter(
        name="A1 certificate.pdf",
        sender="The awarding body\nLondon",
        to="Desmond",
        pages=[["This is to certify that the above is qualified to assess candidates using a range of methods (A1)."]],
    ),
    (HELEN, StaffKind.TOWARDS): TypedLetter(
        name="TAQA registration.pdf",
        sender="The college\nBridgetown",
        to="Helen",
        pages=[["You are registered for the award in assessing vocational achievement (TAQA)."]],
    ),
}
NOTED = 415  # days ago, when Marva put on record what there was


def put_staff_on_record(centre: Centre, people: Mapping[StoryPerson, User], now: datetime.datetime) -> None:
    """Put it all on record, each on its day; development by those who did it."""
    with told_at(now - NOTED * A_DAY):
        today = centre.today

    def day(days_ago: int) -> datetime.date:
        return today + (NOTED - days_ago) * A_DAY

    for person, kind, details, days_ago in sorted(_records(day), key=lambda one: -one[3]):
        actor = people[person] if kind == StaffKind.DEVELOPMENT else people[MARVA]
        with told_at(now - days_ago * A_DAY):
            record = staff_record_add(centre=centre, person=people[person], actor=actor, kind=kind, details=details)
            if paper := PAPERS.get((person, kind)):
                content = paper.content(details.since)
                with IncomingFile.from_content(paper.name, content) as incoming:
                    staff_certificate_add(record=record, actor=actor, incoming=incoming)


def _records(day: Callable[[int], datetime.date]) -> list[tuple[StoryPerson, StaffKind, StaffDetails, int]]:
    assessor, verifier = Role.ASSESSOR.value, Role.INTERNAL_VERIFIER.value
    held = (
        (
            DESMOND,
            assessor,
            "A1 Assess candidates using a range of methods",
            (2006, 5, 17),
            "C&G 06-118204, personnel file",
        ),
        (
            JOYCELYN,
            verifier,
            "D34 Internally verify the assessment process",
            (1998, 11, 3),
            "C&G 98-40117, personnel file",
        ),
        (OWEN, verifier, "TAQA: Internal quality assurance", (2014, 6, 20), "C&G 14-551093, personnel file"),
    )
    competent = (
        (DESMOND, (2001, 9, 1), "Five years at the front desk of the Coral Strand Hotel; CV"),
        (HELEN, (2016, 4, 1), "Led the team of a helpline for eight years; CV and reference"),
        (JOYCELYN, (1992, 1, 6), "Guest relations manager of two hotels; CV"),
        (OWEN, (2003, 3, 3), "Customer service level 4; head of a council's contact centre"),
    )
    done = (
        (DESMOND, "Standardisation meeting: what is enough for “consistently”", 96, "2"),
        (DESMOND, "Half a day behind the desk of the Sandpiper Inn", 40, "4"),
        (HELEN, "TAQA, unit 302: workshop on planning assessment", 210, "6"),
        (HELEN, "Standardisation meeting: what is enough for “consistently”", 96, "2"),
        (JOYCELYN, "Standardisation meeting: what is enough for “consistently”", 96, "2"),
    )
    return [
        *(
            (who, StaffKind.AWARD, StaffDetails(what=what, role=role, since=datetime.date(*on), shown_by=shown), NOTED)
            for who, role, what, on, shown in held
        ),
        (
            HELEN,
            StaffKind.TOWARDS,
            StaffDetails(
                what="TAQA: Assessing vocational achievement",
                role=assessor,
                since=day(NOTED + 20),
                until=day(-60),
                shown_by="The college in Bridgetown",
            ),
            NOTED,
        ),
        (
            OWEN,
            StaffKind.APPROVAL,
            StaffDetails(what="City & Guilds", since=day(NOTED - 5), until=day(-75), shown_by="Letter of the approval"),
            NOTED - 5,
        ),
        *(
            (
                who,
                StaffKind.COMPETENCE,
                StaffDetails(what=CUSTOMER_SERVICE, since=datetime.date(*on), shown_by=by),
                NOTED,
            )
            for who, on, by in competent
        ),
        *(
            (who, StaffKind.DEVELOPMENT, StaffDetails(what=what, since=day(ago), hours=Decimal(hours)), ago)
            for who, what, ago, hours in done
        ),
    ]
