"""Adjustments, inductions and the rules of a qualification, as the tests make them."""

import datetime
from typing import Any

from centres.models import Centre, User
from portfolio.adjustments.services import AdjustmentDetails, adjustment_agree
from portfolio.induction.services import induction_sign
from portfolio.induction.text import OURS, induction_text_set, induction_words
from portfolio.models import Adjustment, Induction, QualificationRules, Registration
from portfolio.qualification_rules.selectors import rules_of
from portfolio.qualification_rules.services import RulesSaid, qualification_rules_set
from standards.content import QualificationContent
from standards.models import Qualification, UnitRevision
from standards.selectors import framework_content
from standards.services.combining import QualificationPublication, qualifications_publish
from tests.cast import PASSWORD


def agree(registration: Registration, actor: User, **said: Any) -> Adjustment:
    """Agree on a reader, or on what is said."""
    reader: dict[str, Any] = {
        "kind": "reader",
        "what": "Reads out every question",
        "helper": "Rita Brown",
        "why": "Dyslexia, report of March 2026.",
        "agreed_by": "Ama Cole, learning support",
        "since": datetime.date(2026, 3, 2),
    }
    return adjustment_agree(registration=registration, actor=actor, details=AdjustmentDetails(**reader | said))


def induct(registration: Registration) -> Induction:
    """Let the candidate sign what there is to read."""
    seen = induction_words(registration.centre).digest
    return induction_sign(registration=registration, actor=registration.candidate, password=PASSWORD, seen=seen)


def say_other_words(centre: Centre, actor: User, **said: str) -> None:
    """Let the candidates of a centre read something else."""
    induction_text_set(centre=centre, actor=actor, seen=induction_words(centre).number, said=OURS | said)


def set_rules(centre: Centre, actor: User, qualification: Qualification, **said: Any) -> QualificationRules:
    """Say what the awarding body says of a qualification."""
    stands = rules_of(centre, qualification.address)
    return qualification_rules_set(
        centre=centre,
        qualification=qualification,
        actor=actor,
        seen=stands.number if stands else 0,
        said=RulesSaid(**{"direct_claims": True} | said),
    )


def an_award(revision: UnitRevision) -> Qualification:
    """Publish a qualification of the framework of this unit."""
    framework = framework_content(revision.unit.framework)
    content = QualificationContent(framework=framework, code="Q1", title="An award in service")
    [published] = qualifications_publish(publications=[QualificationPublication(content=content)])
    return published
