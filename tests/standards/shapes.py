"""A unit made up for the tests, with a value in every column and an item of every kind."""

from standards.content import (
    CriterionContent,
    ElementContent,
    FrameworkContent,
    Prose,
    ProseParagraph,
    Related,
    Ruling,
    UnitContent,
)
from standards.evidence_kinds import EvidenceKind, Setting
from standards.unit_rules import UnitRules

EVERY_SHAPE = UnitContent(
    framework=FrameworkContent(code="made-up", title="Made up", publisher="Nobody", edition="1"),
    code="X1",
    title="Every shape",
    reference="A/123/4567",
    level=2,
    credit=6,
    glh=40,
    theme="Shapes",
    purpose="Shows each shape.",
    rules=UnitRules(
        settings_by_element={"2": (Setting.REAL_JOB,)},
        performance_kinds=(EvidenceKind.OBSERVATION, EvidenceKind.CASE_HISTORY),
        performance_evidence_only=("1.1",),
        minimum_by_performance_evidence=("2",),
    ),
    rule_words={"performance_evidence_only": ("Greet customers where you work.",)},
    rulings=(Ruling(about="1.1", text="A doubt and a decision."),),
    related=(Related(words="A shape elsewhere", unit="elsewhere:S1"), Related(words="Another shape")),
    elements=(
        ElementContent(position=1, number="1", title="Do", guidance=("Carefully.",)),
        ElementContent(position=2, number="2", title="Understand", kind="knowledge"),
    ),
    criteria=(
        CriterionContent(
            kind="performance", position=1, code="1.1", full_code="1.1", text="Greet customers.", element="1",
            emphasis=("customers",),
        ),
        CriterionContent(
            kind="performance", position=2, code="2.1", full_code="2.1", text="Explain why.", element="2"
        ),
        CriterionContent(
            kind="knowledge", position=1, code="2", full_code="2", text="The law on", group="Law",
            is_tickable=False,
        ),
        CriterionContent(
            kind="knowledge", position=2, code="a", full_code="2a", text="safety", group="Law", parent=1
        ),
        CriterionContent(
            kind="range", position=1, code="A", full_code="A", text="Types of customers",
            range_elements=("1", "2"), minimum=1, is_tickable=False,
        ),
        CriterionContent(
            kind="range", position=2, code="i", full_code="Ai", text="internal", range_elements=("1", "2"),
            parent=1,
        ),
        CriterionContent(
            kind="evidence", position=1, code="", full_code="", text="Bring records.", section="methods",
            is_tickable=False,
        ),
        CriterionContent(
            kind="evidence", position=2, code="1", full_code="1", text="Show customers who are:",
            section="requirement", is_tickable=False,
        ),
        CriterionContent(
            kind="evidence", position=3, code="a", full_code="1a", text="internal.", section="requirement",
            parent=2, same_as=2,
        ),
    ),
)  # fmt: skip

# What such a unit is about.
EVERY_PROSE = Prose(
    theme_statement="This theme covers shapes.",
    paragraphs=(
        ProseParagraph(heading="Aim", text="It shows shapes. Do not use this unit if you have none."),
        ProseParagraph(text="There are:", items=("circles", "squares.")),
    ),
    for_whom=("Do not use this unit if you have none.",),
    rulings=(Ruling(about="“squares.”", text="The full stop is kept."),),
)
