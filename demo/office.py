"""What the demo's office keeps: the rules of Keisha's qualification, inductions, and the adjustment for Leon.

Tamika, who has just begun, and Imran have not signed their induction.
"""

import datetime

from centres.demo import DEMO_PASSWORD
from centres.models import User
from demo.clinic import IMRAN
from demo.hotel import TAMIKA
from demo.resort import KEISHA
from demo.shop import LEON
from demo.stories import Story
from portfolio.adjustments.services import AdjustmentDetails, adjustment_agree
from portfolio.induction.services import induction_sign
from portfolio.induction.text import induction_words
from portfolio.models import AdjustmentKind, Registration
from portfolio.qualification_rules.services import RulesSaid, qualification_rules_set

A_DAY = datetime.timedelta(days=1)
NOT_INDUCTED = (TAMIKA, IMRAN)


def begin(story: Story, registration: Registration, coordinator: User, candidate: User, today: datetime.date) -> None:
    """What is settled on the first day of a portfolio; `today` is that of the visitor."""
    if story not in NOT_INDUCTED:
        seen = induction_words(registration.centre).digest
        induction_sign(registration=registration, actor=candidate, password=DEMO_PASSWORD, seen=seen)
    if story is LEON:
        reader = AdjustmentDetails(
            kind=AdjustmentKind.READER,
            what="Reads out written questions and the words of the unit",
            helper="Marguerite Toussaint",
            why="Reads slowly; the report of the learning support of March says so.",
            agreed_by="Winifred Charles, learning support",
            since=registration.centre.today,
            until=today + 120 * A_DAY,
        )
        adjustment_agree(registration=registration, actor=coordinator, details=reader)
    if story is KEISHA and registration.qualification:
        said = RulesSaid(direct_claims=False, register_by=today + 210 * A_DAY, certify_by=today + 940 * A_DAY)
        qualification_rules_set(
            centre=registration.centre, qualification=registration.qualification, actor=coordinator, seen=0, said=said
        )
