"""The steps of a unit's life, as `templatetags/pictures.py` draws them."""

from tests.assessments.pages import drawn


def test_a_stepper_marks_the_step_that_the_unit_stands_on():
    html = drawn("{% stepper 'submitted' %}")
    assert html.count('aria-current="step"') == 1
    assert html.index("Collecting") < html.index('aria-current="step"') < html.index("Submitted")
    assert html.count("state-later") == 2
