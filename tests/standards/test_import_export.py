"""`manage.py export_standards` and `manage.py import_standards`: the published format, there and back.

Bad input: nothing, not JSON, text in Windows-1252, 50 MB, nested without end, a key twice, unknown keys,
wrong types, missing codes, doubled codes, unknown units, elements and range items, rules that cannot be
fulfilled, texts that are too long or hold control characters, one framework or unit twice, a wrong file.
"""

import json
from copy import deepcopy
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from standards.content import GroupContent, QualificationContent, StandardsContent
from standards.document_reading import read_documents
from standards.document_writing import standards_document
from standards.evidence_kinds import Setting
from standards.models import Criterion, Framework, Qualification, Unit, UnitProse, UnitRevision
from standards.prose import prose_content
from standards.selectors import frameworks_whole, latest_revision, revision_content, unit_by_address
from standards.services.syncing import standards_import
from tests.standards.shapes import EVERY_PROSE, EVERY_SHAPE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FRAMEWORK = EVERY_SHAPE.framework
SECOND = replace(EVERY_SHAPE, code="X2", title="Every shape again", credit=4)
WHOLE = StandardsContent(
    framework=FRAMEWORK,
    units=(EVERY_SHAPE, SECOND),
    qualifications=(
        QualificationContent(
            framework=FRAMEWORK,
            code="Q1",
            title="Shapes",
            level=2,
            minimum_units=2,
            minimum_credit=10,
            groups=(
                GroupContent(name="Mandatory", choose=1, units=("X1",)),
                GroupContent(name="Optional", choose=1, credits=4, units=("X2",)),
            ),
        ),
    ),
    prose={"X1": EVERY_PROSE},
)


def exported(*frameworks: str) -> str:
    out = StringIO()
    call_command("export_standards", *frameworks, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "standards.json"


def imported(file: Path, content: object) -> str:
    """Write the content, as JSON unless it is bytes, import it, and return what the command says."""
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    out = StringIO()
    call_command("import_standards", str(file), stdout=out)
    return out.getvalue().strip()


def refused(file: Path, content: object) -> list[str]:
    """Import what must be refused, and return the faults."""
    with pytest.raises(CommandError) as error:
        imported(file, content)
    assert not Framework.objects.exists()
    assert not Unit.objects.exists()
    *faults, last = str(error.value).splitlines()
    assert last == "Nothing was changed."
    return faults


def document() -> dict[str, Any]:
    return deepcopy(standards_document(WHOLE))


# --- there and back ---


def test_a_document_says_all_that_was_published(file: Path) -> None:
    assert imported(file, document()) == (
        "Standards: published made-up:X1 revision 1, made-up:X2 revision 1, qualification made-up:Q1, "
        "the prose of 1 unit."
    )
    assert frameworks_whole() == [WHOLE]
    assert json.loads(exported()) == [document()]


def test_importing_an_export_writes_nothing(file: Path) -> None:
    imported(file, document())
    content = exported()
    with CaptureQueriesContext(connection) as queries:
        assert imported(file, content.encode()) == "Standards: all 2 up to date."
    written = [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == []


@pytest.mark.long
def test_all_that_comes_with_countersign_goes_there_and_back() -> None:
    call_command("sync_standards", stdout=StringIO())
    content = exported()
    assert standards_import(documents=read_documents(content.encode())).published == ()
    with_nothing_held = [standards_document(one) for one in read_documents(content.encode())]
    assert json.dumps(with_nothing_held, ensure_ascii=False, indent=1) + "\n" == content


def test_only_the_frameworks_that_are_named_are_exported(file: Path) -> None:
    imported(file, document())
    assert [one["framework"]["code"] for one in json.loads(exported("made-up"))] == ["made-up"]
    with pytest.raises(CommandError, match="There is no framework nvq"):
        exported("nvq")


def test_a_change_makes_a_new_revision_of_that_unit_alone(file: Path) -> None:
    imported(file, document())
    changed = document()
    changed["units"][1]["elements"][0]["criteria"][0]["text"] = "Greet all customers."
    assert imported(file, changed) == "Standards: published made-up:X2 revision 2."
    first = UnitRevision.objects.get(unit__code="X2", number=1)
    assert revision_content(first).unit == SECOND


def test_other_prose_is_published_beside_the_wording_and_the_old_one_stays(file: Path) -> None:
    imported(file, document())
    changed = document()
    changed["units"][0]["prose"] = {"paragraphs": [{"text": " It shows \n more. "}]}
    assert imported(file, changed) == "Standards: published the prose of 1 unit."
    said = [prose_content(row).paragraphs[0].text for row in UnitProse.objects.order_by("number")]
    assert said == [EVERY_PROSE.paragraphs[0].text, "It shows more."]
    assert UnitRevision.objects.count() == 2


def test_a_document_without_prose_leaves_what_is_there(file: Path) -> None:
    """Every document that was exported before there was any."""
    imported(file, document())
    before = exported()
    less = document()
    del less["units"][0]["prose"]
    assert imported(file, less) == "Standards: all 2 up to date."
    assert exported() == before


def test_another_rule_of_combination_is_a_new_wording_and_the_old_one_stays(file: Path) -> None:
    imported(file, document())
    changed = document()
    changed["qualifications"][0]["groups"][1]["choose"] = 0
    assert imported(file, changed) == "Standards: published qualification made-up:Q1."
    numbers = Qualification.objects.order_by("number").values_list("number", "groups__choose")
    assert sorted(numbers) == [(1, 1), (1, 1), (2, 0), (2, 1)]


def test_what_a_document_does_not_name_stays(file: Path) -> None:
    imported(file, document())
    less = document()
    del less["units"][1]
    less["qualifications"] = []
    assert imported(file, less) == "Standards: all 1 up to date."
    assert Unit.objects.count() == 2


def test_what_a_centre_words_itself_stays_through_the_next_start(file: Path) -> None:
    call_command("sync_standards", "--framework", "nvq", stdout=StringIO())
    [own] = json.loads(exported("nvq"))
    own["units"][0]["title"] = "As our centre calls it"
    imported(file, own)
    out = StringIO()
    call_command("sync_standards", "--framework", "nvq", stdout=out)
    assert out.getvalue().strip() == "Standards: all 1 up to date."
    latest = latest_revision(unit_by_address("nvq:B10"))
    assert latest is not None
    assert (latest.number, latest.title) == (2, "As our centre calls it")


def test_a_short_document_of_ones_own_is_enough(file: Path) -> None:
    own = {
        "framework": {"code": "ours", "title": "Ours"},
        "units": [
            {
                "code": "1",
                "title": "Tea",
                "elements": [
                    {"number": "1", "title": "Make", "criteria": [{"code": "1.1", "text": " Boil \n water. "}]}
                ],
            }
        ],
    }
    assert imported(file, own) == "Standards: published ours:1 revision 1."
    assert Criterion.objects.get().text == "Boil water."


def test_a_byte_order_mark_does_no_harm(file: Path) -> None:
    assert imported(file, b"\xef\xbb\xbf" + json.dumps(document()).encode()).startswith("Standards: published")


# --- files that are no document ---


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "The file is not JSON"),
        (b"[]", "The file holds no standards."),
        (b"not json", "The file is not JSON"),
        (b'{"a": 1, "a": 2}', 'the key "a" stands twice in one object'),
        (b'[{"level": NaN}]', "NaN is no number"),
        ('{"title": "\u201cCaf\u00e9\u201d"}'.encode("cp1252"), "not in UTF-8: line 1 holds the byte 0x93"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        (b'{"level": ' + b"9" * 5000 + b"}", "The file is not JSON"),
        (b"7", "document: give an object"),
        (b"[null]", "document: give an object"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_file_that_is_no_document_is_refused_in_a_sentence(file: Path, content: bytes, fault: str) -> None:
    faults = refused(file, content)
    assert fault in faults[0]


def test_50_mb_are_refused_before_they_are_read(file: Path) -> None:
    with file.open("wb") as large:
        large.truncate(50 * 1024 * 1024)
    with pytest.raises(CommandError, match="The file has 50 MB; standards documents have 20 MB at most"):
        call_command("import_standards", str(file))


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_standards", str(tmp_path / "nothing.json"))
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        call_command("import_standards", str(tmp_path))


# --- documents with faults: (where, what stands there, the fault) ---

MISSING = object()
SETTINGS = ", ".join(Setting.values)
FAULTS = [
    ("framework.code", MISSING, "framework.code: is missing"),
    ("framework.code", "a b", "framework.code: use letters, digits, full stops, hyphens and underscores only"),
    ("framework.code", "qualifications", 'framework.code: "qualifications" is a word of ours; choose another'),
    ("framework.code", "x" * 21, "framework.code: longer than 20 characters"),
    ("framework.title", "", "framework.title: is empty"),
    ("framework.title", "\u0000", "framework.title: holds a control character"),
    ("framework.nick", "x", "framework.nick: there is no such key"),
    ("units", {}, "units: give a list"),
    ("units.0", "X1", "units[0]: give an object"),
    ("units.0.code", MISSING, "units[0].code: is missing"),
    ("units.0.code", "", "units[0].code: is empty"),
    ("units.1.code", "X1", 'units[1].code: "X1" twice'),
    ("units.0.level", "2", "units[0].level: give a whole number, 0 or more"),
    ("units.0.level", True, "units[0].level: give a whole number, 0 or more"),
    ("units.0.credit", -1, "units[0].credit: give a whole number, 0 or more"),
    ("units.0.glh", 10_000, "units[0].glh: at most 9999"),
    ("units.0.glh", 1.5, "units[0].glh: give a whole number, 0 or more"),
    ("units.0.title", "x" * 301, "units[0].title: longer than 300 characters"),
    ("units.0.theme", 5, "units[0].theme: give a text"),
    ("units.0.titel", "x", "units[0].titel: there is no such key"),
    ("units.0.elements.1.number", "1", 'units[0].elements[1].number: "1" twice'),
    ("units.0.elements.0.kind", "doing",
     'units[0].elements[0].kind: there is no "doing"; give one of performance, knowledge'),
    ("units.0.elements.0.guidance", ["\u0007"], "units[0].elements[0].guidance[0]: holds a control character"),
    ("units.0.elements.0.criteria.0.code", MISSING, "units[0].elements[0].criteria[0].code: is missing"),
    ("units.0.elements.0.criteria.0.code", None, "units[0].elements[0].criteria[0].code: give a text"),
    ("units.0.elements.1.criteria.0.code", "1.1", 'units[0].elements[1].criteria[0].code: "1.1" twice'),
    ("units.0.elements.0.criteria.0.text", "x" * 5001,
     "units[0].elements[0].criteria[0].text: longer than 5000 characters"),
    ("units.0.elements.0.criteria.0.text", "\ud800",
     "units[0].elements[0].criteria[0].text: holds a control character"),
    ("units.0.elements.0.criteria.0.emphasis", ["clients"],
     "units[0].elements[0].criteria[0].emphasis[0]: these words do not stand in the text"),
    ("units.0.knowledge.0.element", "7", 'units[0].knowledge[0].element: the unit has no element "7"'),
    ("units.0.knowledge.0.items", "a", "units[0].knowledge[0].items: give a list"),
    ("units.0.range.0.elements", ["1", "9"], 'units[0].range[0].elements[1]: the unit has no element "9"'),
    ("units.0.range.0.minimum", 2, "units[0].range[0].minimum: 2 of 1 items cannot be covered"),
    ("units.0.range.0.minimum", 0, "units[0].range[0].minimum: give a whole number, 1 or more"),
    ("units.0.range.0.items", [], "units[0].range[0].items: give at least one item"),
    ("units.0.evidence.0.section", "method",
     'units[0].evidence[0].section: there is no "method"; give one of requirement, critical_aspects, methods, '
     "context, guidance"),
    ("units.0.evidence.1.items.0.same_as", [0, 5],
     "units[0].evidence[1].items[0].same_as: the range has no item [0, 5]"),
    ("units.0.evidence.1.items.0.same_as", [True, 0],
     "units[0].evidence[1].items[0].same_as: give the place of a range item: [category, item], counted from 0"),
    ("units.0.rules.settings", ["moon"], f'units[0].rules.settings[0]: there is no "moon"; give one of {SETTINGS}'),
    ("units.0.rules.kinds_at_least", 12, "units[0].rules.kinds_at_least: there are only 11 kinds of evidence"),
    ("units.0.rules.observations_at_least", 10_000, "units[0].rules.observations_at_least: at most 9999"),
    ("units.0.rules.statements", ["x\u0001"], "units[0].rules.statements[0]: holds a control character"),
    ("units.0.rules.settings_by_element", {"8": ["real_job"]},
     'units[0].rules.settings_by_element.8: the unit has no element "8"'),
    ("units.0.rules.performance_evidence_only", ["9.9"],
     'units[0].rules.performance_evidence_only[0]: the unit has no criterion "9.9"'),
    ("units.0.rules.observed_elements", ["7"], 'units[0].rules.observed_elements[0]: the unit has no element "7"'),
    ("units.0.rules.observed_elements", ["1"],
     "units[0].rules.observed_elements: say in observations_at_least how many observations"),
    ("units.0.rules.minimum_by_performance_evidence", ["7"],
     'units[0].rules.minimum_by_performance_evidence[0]: the unit has no element "7"'),
    ("units.0.range.0.minimum", None,
     'units[0].rules.minimum_by_performance_evidence[0]: no range category of element "2" has a minimum'),
    ("units.0.rules.rule", 1, "units[0].rules.rule: there is no such key"),
    ("units.0.rule_words.seting", ["x"], "units[0].rule_words.seting: there is no such key"),
    ("units.0.rulings", [{"about": "1.1"}], "units[0].rulings[0].text: is missing"),
    ("units.0.related", [{"unit": "x:y"}], "units[0].related[0].words: is missing"),
    ("units.0.related", [{"words": "x", "unit": "y"}],
     "units[0].related[0].unit: give the framework's code, a colon, and the unit's code"),
    ("units.0.prose", "Shapes.", "units[0].prose: give an object"),
    ("units.0.prose.about", "x", "units[0].prose.about: there is no such key"),
    ("units.0.prose.theme_statement", 5, "units[0].prose.theme_statement: give a text"),
    ("units.0.prose.paragraphs", "x", "units[0].prose.paragraphs: give a list"),
    ("units.0.prose.paragraphs.0", "x", "units[0].prose.paragraphs[0]: give an object"),
    ("units.0.prose.paragraphs.0.text", MISSING, "units[0].prose.paragraphs[0].text: is missing"),
    ("units.0.prose.paragraphs.0.text", "x" * 5001,
     "units[0].prose.paragraphs[0].text: longer than 5000 characters"),
    ("units.0.prose.paragraphs.1.items", ["\u0000"],
     "units[0].prose.paragraphs[1].items[0]: holds a control character"),
    ("units.0.prose.for_whom", ["Use it."], "units[0].prose.for_whom[0]: these words do not stand in a paragraph"),
    ("units.0.prose.rulings", [{"text": "x"}], "units[0].prose.rulings[0].about: is missing"),
    ("qualifications.0.groups.0.choose", 3, "qualifications[0].groups[0].choose: 3 of 1 unit cannot be chosen"),
    ("qualifications.0.groups.0.units", ["X9"], 'qualifications[0].groups[0].units[0]: the document has no unit "X9"'),
    ("qualifications.0.groups.1.units", ["X1"], 'qualifications[0].groups[1].units[0]: "X1" twice'),
    ("qualifications.0.groups.1.credits", 5, "qualifications[0].groups[1].credits: the units are worth 4 credits only"),
    ("qualifications.0.minimum_units", 3, "qualifications[0].minimum_units: 3 of 2 units cannot be taken"),
    ("qualifications.0.minimum_credit", 11, "qualifications[0].minimum_credit: the units are worth 10 credits only"),
    ("qualifications.0.title", MISSING, "qualifications[0].title: is missing"),
]  # fmt: skip


def put(content: Any, path: str, value: object) -> None:
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in way:
        content = content[step]
    if value is MISSING:
        del content[last]
    else:
        content[last] = value


@pytest.mark.parametrize(("path", "value", "fault"), FAULTS, ids=[f"{path}-{fault[-30:]}" for path, _, fault in FAULTS])
def test_a_document_with_a_fault_is_refused_whole(file: Path, path: str, value: object, fault: str) -> None:
    content = document()
    put(content, path, value)
    assert fault in refused(file, content)


def test_every_fault_is_listed(file: Path) -> None:
    content = document()
    content["units"][0]["elements"][0]["criteria"][0]["code"] = None
    content["units"][1]["level"] = "two"
    content["qualifications"][0]["groups"][0]["choose"] = 2
    content["extra"] = {}
    assert refused(file, content) == [
        "document.extra: there is no such key",
        "units[0].elements[0].criteria[0].code: give a text",
        'units[0].rules.performance_evidence_only[0]: the unit has no criterion "1.1"',
        "units[1].level: give a whole number, 0 or more",
        "qualifications[0].groups[0].choose: 2 of 1 unit cannot be chosen",
    ]


def test_a_unit_that_asks_for_nothing_is_refused(file: Path) -> None:
    content = document()
    content["units"].append({"code": "X3", "title": "Nothing", "elements": []})
    [fault] = refused(file, content)
    assert fault == "units[2]: the unit has nothing to show: give at least one criterion or knowledge item"


def test_a_framework_twice_in_one_file_is_refused_and_the_place_is_said(file: Path) -> None:
    assert refused(file, [document(), document()]) == ['[1].framework.code: "made-up" twice']


def test_a_fault_in_the_second_document_keeps_the_first_out(file: Path) -> None:
    other = document()
    other["framework"]["code"] = "other"
    other["units"][0]["code"] = "X2"
    assert refused(file, [document(), other]) == [
        '[1].units[1].code: "X2" twice',
        '[1].qualifications[0].groups[0].units[0]: the document has no unit "X1"',
        "[1].qualifications[0].minimum_credit: the units are worth 4 credits only",
    ]


def test_a_name_that_would_colour_the_terminal_is_shown_plain() -> None:
    content = document()
    content["\x1b[31mred"] = 1
    with pytest.raises(ValidationError) as error:
        read_documents(json.dumps(content).encode())
    assert "\x1b" not in "".join(error.value.messages)
