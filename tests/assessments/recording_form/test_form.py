"""What stands on the form; how it looks on paper is test_pdf."""

import pytest

from assessments.models.status import Status
from assessments.recording_form.form import FormError, recording_form
from assessments.recording_form.tables import PRINTED, PrintedColumn
from tests.assessments.recording_form.sample import DIGEST, b10_document, claim, criterion, person, piece


def final(document):
    return recording_form(document, digest=DIGEST)


def draft(document):
    return recording_form(document, digest=None)


def with_claims(*claims, stage="countersignature", pieces=3):
    return b10_document(pieces, stage=stage, claims=list(claims))


def test_b10_has_exactly_the_three_tables_of_the_source():
    tables = final(b10_document(12)).tables

    assert [(table.title, len(table.columns)) for table in tables] == [
        ("Performance Criteria", 7),
        ("Performance Criteria (continued)", 8),
        ("Knowledge and Understanding", 8),
    ]
    codes = [column.code for table in tables for column in table.columns]
    assert codes[:4] == ["B10.1.1", "B10.1.2", "B10.1.3", "B10.2.1"]
    assert codes[6:8] == ["B10.2.4", "B10.2.5"]
    assert codes[-1] == "B10h"


def test_lettered_requirements_follow_on_the_continuation_sheet_and_their_words_in_the_key():
    form = final(b10_document(12))
    (table,) = form.continuation_tables
    (key,) = form.keys  # the other codes name the unit

    assert table.title == key.title == "Evidence Requirements"
    assert [column.code for column in table.columns] == ["4a", "4b", "4c", "4d", "5a", "5b", "5c"]
    assert [entry.code for entry in key.entries] == ["4", "4a", "4b", "4c", "4d", "5", "5a", "5b", "5c"]
    assert key.entries[4].words == "new customers."


def test_codes_that_do_not_name_the_unit_are_put_into_words():
    document = b10_document(0)
    for item in document["criteria"]:
        item["code"] = item["code"].removeprefix("B10.")

    assert [key.title for key in final(document).keys] == ["Performance Criteria", "Evidence Requirements"]
    assert final(document).keys[0].entries[0] == PrintedColumn("1.1", "Words of B10.1.1")


def test_range_items_have_a_table_of_their_own():
    document = b10_document(0)
    document["criteria"] += [
        criterion("range", 1, "A", "Types of customers", tickable=False),
        criterion("range", 2, "i", "internal", parent=1),
        criterion("range", 3, "ii", "external", parent=1),
    ]

    table = final(document).continuation_tables[0]
    assert table.title == "Range"
    assert [column.code for column in table.columns] == ["A (i)", "A (ii)"]


def test_an_item_whose_lettered_items_are_ticked_is_no_column():
    document = b10_document(0)
    document["criteria"][15]["tickable"] = False  # B10a
    document["criteria"] += [
        criterion("knowledge", 9, "i", "one", parent=1),
        criterion("knowledge", 10, "ii", "two", parent=1),
    ]

    sizes = [len(table.columns) for table in final(document).tables if "Knowledge" in table.title]
    assert sizes == [4, 5]
    assert "B10a" not in [column.code for table in final(document).tables for column in table.columns]


def test_the_final_form_ticks_only_what_was_judged_met():
    form = final(
        with_claims(
            claim(1, "performance", 1, "met"),
            claim(1, "performance", 2, "partly"),
            claim(1, "performance", 3, "not_yet"),
            claim(1, "performance", 4, None),
        )
    )

    assert form.tables[0].rows[0].cells == (PRINTED[Status.MET], None, None, None, None, None, None)


def test_the_final_form_leaves_out_pieces_without_a_tick():
    form = final(with_claims(claim(1, "performance", 1), claim(2, "performance", 1, "partly")))

    assert [row.number for table in form.tables for row in table.rows] == [1]
    assert form.unclaimed == ()


def test_each_table_lists_the_pieces_that_tick_something_in_it():
    form = final(with_claims(claim(1, "performance", 1), claim(2, "knowledge", 3), claim(3, "evidence", 2)))

    assert [[row.number for row in table.rows] for table in form.tables] == [[1], [], [2]]
    assert [row.number for row in form.continuation_tables[0].rows] == [3]


def test_a_draft_tells_claims_and_judgements_apart():
    form = draft(
        with_claims(
            claim(1, "performance", 1, "met"),
            claim(1, "performance", 2, "partly"),
            claim(1, "performance", 3, "not_yet"),
            claim(1, "performance", 4, None),
            stage=None,
        )
    )

    assert form.tables[0].rows[0].cells[:4] == (
        PRINTED[Status.MET],
        PRINTED[Status.PARTLY],
        PRINTED[Status.NOT_YET],
        PRINTED[Status.CLAIMED],
    )
    assert set(form.legend) == {
        PRINTED[status] for status in (Status.MET, Status.PARTLY, Status.NOT_YET, Status.CLAIMED)
    }
    assert len({mark.symbol for mark in form.legend}) == 4
    assert form.unclaimed == (2, 3)


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        (["not_yet", "met"], PRINTED[Status.MET]),
        (["met", "partly"], PRINTED[Status.MET]),
        (["not_yet", None], PRINTED[Status.CLAIMED]),
    ],
)
def test_of_several_claims_on_one_criterion_the_best_counts(outcomes, shown):
    claims = [claim(1, "performance", 1, outcome) for outcome in outcomes]

    assert draft(with_claims(*claims, stage=None)).tables[0].rows[0].cells[0] is shown


@pytest.mark.parametrize("stage", [None, "submission", "sign_off"])
def test_every_stage_before_the_countersignature_is_a_draft(stage):
    assert recording_form(b10_document(1, stage=stage), digest=DIGEST).is_draft


def test_the_form_as_it_will_print_is_a_draft_until_the_countersignature_has_its_digest():
    form = recording_form(b10_document(3), digest=None)

    assert form.is_draft
    assert form.signatures[2].name == ""
    assert form.tables == final(b10_document(3)).tables


def test_each_signature_shows_the_start_of_what_was_signed():
    document = b10_document(1)
    lines = final(document).signatures

    assert [line.name for line in lines] == ["Amara Okafor", "David Brennan", "Priya Raman"]
    assert [line.on for line in lines] == ["16 Nov 2026", "17 Nov 2026", "21 Nov 2026"]
    assert [line.signed for line in lines] == [
        document["signatures"][0]["digest"][:12],
        document["signatures"][1]["digest"][:12],
        DIGEST[:12],
    ]


def test_what_nobody_has_signed_is_a_blank_line():
    lines = draft(b10_document(1, stage=None)).signatures

    assert [line.label for line in lines] == [
        "Candidate’s signature",
        "Assessor’s signature",
        "Internal verifier’s signature",
    ]
    assert {(line.name, line.on, line.signed) for line in lines} == {("", "", "")}


def test_the_comment_of_the_last_signature_stands_among_the_notes():
    notes = final(b10_document(1)).notes

    assert [note.by for note in notes] == ["David Brennan, assessor", "Priya Raman, internal verifier"]
    assert notes[1].text.startswith("Sampled evidence 2 and 5")


def test_evidence_held_elsewhere_says_where_and_why():
    document = with_claims(claim(1, "performance", 1))
    document["evidence"][0] = piece(1, kind="work_product", location="Safe, room 2", relevance="Personal data")
    form = final(document)

    assert form.tables[0].rows[0].details[-1] == "held elsewhere: Safe, room 2"
    assert [(holding.number, holding.location, holding.relevance) for holding in form.holdings] == [
        (1, "Safe, room 2", "Personal data")
    ]


def test_a_setting_other_than_the_real_job_is_named():
    document = with_claims(claim(1, "knowledge", 1))
    document["evidence"][0] = piece(1, setting="work_placement")

    assert "work placement" in final(document).tables[2].rows[0].details


def test_where_to_look_follows_the_columns():
    form = final(
        with_claims(
            claim(1, "knowledge", 2, where="12:40"),
            claim(1, "performance", 9, where="page 3"),
            claim(2, "performance", 1, "partly", where="page 9"),
        )
    )

    assert [(place.number, place.places) for place in form.pieces.pieces] == [
        (1, ("B10.2.6:\N{NO-BREAK SPACE}page 3", "B10b:\N{NO-BREAK SPACE}12:40"))
    ]


def test_criteria_with_the_same_place_are_named_together():
    form = final(
        with_claims(
            *(claim(1, "performance", position, where="para 1") for position in (1, 2, 3, 5)),
            claim(1, "performance", 4, where="para 2"),
            claim(1, "knowledge", 1, where="para 1"),
        )
    )
    [place] = form.pieces.pieces
    assert [said.replace("\N{NO-BREAK SPACE}", " ") for said in place.places] == [
        "B10.1.1 to B10.1.3, B10.2.2, B10a: para 1",
        "B10.2.1: para 2",
    ]


@pytest.mark.parametrize("lost", [claim(9, "performance", 1), claim(1, "performance", 99), claim(1, "evidence", 1)])
def test_a_claim_that_has_no_place_stops_the_print(lost):
    with pytest.raises(FormError, match="no place on the form"):
        final(with_claims(lost))


def test_another_format_is_refused():
    with pytest.raises(FormError, match="not 2"):
        final(b10_document(1, format=2))


def judged(number, position, by, at):
    one = claim(number, "performance", position)
    one["judgement"] |= {"by": {"id": by, "name": by}, "at": at}
    return one


def test_each_piece_has_the_initials_of_who_judged_it_and_the_day_of_their_last_judgement():
    form = final(
        with_claims(
            judged(1, 1, "David Brennan", "2026-11-14T10:00:00Z"),
            judged(1, 2, "David Brennan", "2026-11-16T10:00:00Z"),
            judged(1, 3, "Ann Lee-Ode", "2026-11-15T10:00:00Z"),
            judged(2, 1, "Ann Lee-Ode", "2026-11-15T10:00:00Z"),
        )
    )

    assert [piece.assessed for piece in form.pieces.pieces] == [
        ("ALO 15 Nov 2026", "DB 16 Nov 2026"),
        ("ALO 15 Nov 2026",),
    ]
    assert form.pieces.initials == ("DB David Brennan", "ALO Ann Lee-Ode")


def test_where_two_have_the_same_initials_their_names_are_written():
    at = "2026-11-14T10:00:00Z"
    form = final(with_claims(judged(1, 1, "David Brennan", at), judged(2, 1, "Dora Brown", at)))

    assert [piece.assessed for piece in form.pieces.pieces] == [
        ("David Brennan 14 Nov 2026",),
        ("Dora Brown 14 Nov 2026",),
    ]
    assert form.pieces.initials == ()


def test_each_piece_says_what_was_sampled_of_it():
    claims = [claim(1, "performance", position) for position in range(1, 5)] + [claim(2, "performance", 1)]
    sample = {
        "id": "s",
        "by": person("internal_verifier"),
        "stage": "summative",
        "at": "2026-11-20T10:00:00Z",
        "claims": [one["id"] for one in claims[:3]],
    }
    form = final(with_claims(*claims) | {"format": 5, "sampled": [sample]})

    assert [piece.sampled for piece in form.pieces.pieces] == [("PR 20 Nov 2026: B10.1.1 to B10.1.3",), ()]
    assert form.pieces.has_samples
    assert not final(with_claims(*claims)).pieces.has_samples  # a document before format 5 does not know


def test_what_was_adjusted_for_the_candidate_is_on_the_form():
    reader = {"kind": "reader", "what": "reads the questions", "helper": "Rita Brown", "agreed_by": "Ama Cole, support"}
    other = {"kind": "other", "what": "Screen in large print", "helper": "", "agreed_by": "Ama Cole, support"}
    days = {"since": "2026-09-01", "until": None}
    document = b10_document(1, format=5, adjustments=[reader | days, other | days | {"until": "2026-10-02"}])

    assert [(one.what, one.dates) for one in final(document).adjustments] == [
        ("Reader: reads the questions (Rita Brown)", "from 1 Sep 2026"),
        ("Screen in large print", "from 1 Sep 2026 to 2 Oct 2026"),
    ]


def many_criteria(pieces=2):
    """B10 with a range in which two elements use the same letters: more criteria than four tables of eight hold."""
    document = b10_document(pieces)
    document["criteria"] += [
        item
        for first, element in ((1, "B10.1"), (10, "B10.2"))
        for item in (
            criterion("range", first, "A", f"Customers of {element}", tickable=False, range_elements=[element]),
            *(criterion("range", first + n, "i" * n, f"those {n}", parent=first) for n in (1, 2, 3)),
        )
    ]
    return document


def test_many_criteria_stand_side_by_side_and_each_piece_is_described_once():
    form = final(many_criteria())

    assert form.is_wide
    assert (form.tables, form.continuation_tables) == ((), ())
    first, second = form.wide_tables
    assert [(part.title, len(part.codes)) for part in (*first.parts, *second.parts)] == [
        ("Performance Criteria", 15),
        ("Knowledge and Understanding", 8),
        ("Range by element", 6),
        ("Evidence Requirements", 7),
    ]
    assert [(group.label, group.codes) for group in first.parts[2].groups] == [
        ("B10.1 A", ("i", "ii", "iii")),
        ("B10.2 A", ("i", "ii", "iii")),
    ]
    assert [one.title for one in form.pieces.pieces] == [piece(1)["title"], piece(2)["title"]]
    assert [row.number for row in first.rows] == [1, 2]
    assert {len(row.cells) for row in first.rows} == {len(first.columns)} == {29}
    assert [key.title for key in form.keys][-1] == "Evidence Requirements"


def test_a_form_for_a_hand_has_lines_for_names_numbers_and_confirmations():
    form = recording_form(b10_document(0, stage=None, candidate=None, centre=None, held_elsewhere=[]), digest=None)

    assert form.is_blank
    assert [line.label for line in form.signatures][1:3] == [
        "Assessor’s signature",
        "Confirmed by an assessor with the award",
    ]
    assert "Candidate number" in form.blank_facts
    assert form.pieces.has_samples
