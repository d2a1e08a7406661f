"""Whether units make a qualification: what is still to be chosen, and when it is complete."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from standards.combination import TakenUnit, combination, is_mandatory, mandatory_codes
from standards.content import FrameworkContent, GroupContent, QualificationContent

CVQ = FrameworkContent(code="cvq", title="CVQ")
MANDATORY = ("M1", "M2", "M3")
OPTIONAL = ("O1", "O2", "O3", "O4")


RULE = QualificationContent(
    framework=CVQ,
    code="Q",
    title="Service",
    minimum_units=4,
    groups=(
        GroupContent(name="Mandatory", choose=3, units=MANDATORY),
        GroupContent(name="Optional", choose=1, units=OPTIONAL),
    ),
)


def rule(**said) -> QualificationContent:
    return replace(RULE, **said)


def taken(*codes: str, verified: bool = False, credit: int | None = None, framework: str = "cvq") -> list[TakenUnit]:
    return [TakenUnit(framework=framework, code=code, is_verified=verified, credit=credit) for code in codes]


def test_it_says_which_units_are_still_to_be_chosen():
    assert combination(rule(), taken(*MANDATORY)).to_choose == ("Choose one unit of “Optional”.",)
    assert combination(rule(), taken("M1", "O2")).to_choose == ("Take M2 and M3: every unit of “Mandatory” is needed.",)
    three = rule(groups=(GroupContent(name="Any", choose=3, units=OPTIONAL),), minimum_units=3)
    assert combination(three, taken("O1")).to_choose == ("Choose two more units of “Any”.",)


def test_with_nothing_taken_everything_is_missing_and_nothing_is_counted():
    found = combination(rule(), [])
    assert found.missing == (
        "Take M1, M2 and M3: every unit of “Mandatory” is needed.",
        "Choose one unit of “Optional”.",
    )
    assert not found.is_complete


def test_the_number_of_units_is_named_only_where_the_groups_do_not_reach_it():
    six = rule(minimum_units=6)
    assert combination(six, taken(*MANDATORY, "O1")).to_choose == ("6 units are needed: 4 are taken.",)
    assert not combination(six, taken(*MANDATORY, *OPTIONAL[:3])).to_choose


def test_credits_of_a_group_and_of_the_whole_are_asked_for():
    credits = rule(
        groups=(GroupContent(name="Any", choose=1, credits=8, units=OPTIONAL),), minimum_units=0, minimum_credit=12
    )
    assert combination(credits, taken("O1", credit=5)).to_choose == (
        "The units of “Any” must be worth 8 credits: those taken are worth 5.",
        "12 credits are needed: the units taken are worth 5.",
    )
    assert not combination(credits, taken("O1", "O2", "O3", credit=5)).to_choose
    assert combination(credits, taken("O1", "O2", "O3")).to_choose  # that gives no credit value is worth none


def test_one_credit_is_needed_and_several_are():
    [sentence] = combination(rule(groups=(), minimum_units=0, minimum_credit=1), []).to_choose
    assert sentence == "1 credit is needed: the units taken are worth 0."


def test_it_is_complete_when_what_it_needs_is_verified_whatever_else_is_taken():
    done = taken(*MANDATORY, "O1", verified=True)
    assert combination(rule(), done).is_complete
    assert combination(rule(), done).missing == ()
    more = combination(rule(), [*done, *taken("O2")])
    assert more.is_complete
    assert more.progress == "4 of 5 units are verified."
    unfinished = combination(rule(), [*taken(*MANDATORY, verified=True), *taken("O1")])
    assert not unfinished.is_complete
    assert not unfinished.to_choose
    assert unfinished.missing == ("3 of 4 units are verified.",)


def test_units_of_another_framework_with_the_same_code_count_nothing():
    assert combination(rule(), taken(*MANDATORY, "O1", verified=True, framework="nos")).taken == 0


def test_a_unit_is_mandatory_where_all_of_its_group_are_taken():
    assert mandatory_codes(rule()) == list(MANDATORY)
    assert is_mandatory(rule(), "M1")
    assert not is_mandatory(rule(), "O1")
    assert not is_mandatory(rule(), "X9")


UNITS = st.dictionaries(st.sampled_from((*MANDATORY, *OPTIONAL, "X1", "X2")), st.booleans())


@given(units=UNITS, more=UNITS)
def test_more_units_are_no_fault(units, more):
    before = combination(rule(), [one for code, done in units.items() for one in taken(code, verified=done)])
    together = {code: units.get(code, False) or more.get(code, False) for code in units | more}
    after = combination(rule(), [one for code, done in together.items() for one in taken(code, verified=done)])
    assert before.to_choose or not after.to_choose
    assert after.is_complete or not before.is_complete
    assert not (after.to_choose and after.is_complete)


@given(units=UNITS)
def test_nothing_is_left_to_choose_exactly_when_every_group_has_enough(units):
    found = combination(rule(), [one for code, done in units.items() for one in taken(code, verified=done)])
    enough = set(MANDATORY) <= set(units) and bool(set(OPTIONAL) & set(units))
    assert bool(found.to_choose) != enough
    assert bool(found.missing) != found.is_complete
