"""Evidence that is older than the centre asks is remarked wherever remarks are shown, and refused nowhere."""

import pytest

from tests.assessments.pages import address, signed_in, text_of
from tests.centres.policies import choose

pytestmark = pytest.mark.django_db

REMARK = "This happened on 2 March 2026, more than a month before the unit was submitted."


def test_who_claims_judges_and_signs_is_told_how_old_it_is(
    submitted_unit, evidence, centre, coordinator, candidate, assessor
):
    pages = [
        (candidate, address("claims", submitted_unit, evidence=evidence.uuid)),
        (assessor, address("judge", submitted_unit, evidence=evidence.uuid)),
        (assessor, address("sign", submitted_unit)),
    ]

    def remarked():
        return [REMARK in text_of(signed_in(person).get(page, follow=True)) for person, page in pages]

    assert remarked() == [False] * 3
    choose(centre, coordinator, evidence_age_months=1)
    assert remarked() == [True] * 3
    choose(centre, coordinator, evidence_age_months=1200)
    assert remarked() == [False] * 3
