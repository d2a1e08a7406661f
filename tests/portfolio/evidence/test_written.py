"""What was written in the page is shown with its headings and lists, beside the claims too, and printed."""

import re
from io import BytesIO

import pypdf
import pytest

from portfolio.files.services import bytes_store
from portfolio.files.written_parts import written_parts
from portfolio.models import Evidence, EvidenceFile
from portfolio.models.evidence import stored_path
from tests.portfolio.files.typed import address, evidence_form, words

pytestmark = pytest.mark.django_db

TOLD = """# What happened
A customer rang.
I listened <b>first</b>.

- a new kettle

- by Friday
1. I rang the warehouse.
3. I told her."""
SHOWN = """<h4 dir="ltr">What happened</h4>
<p dir="ltr">A customer rang.
I listened &lt;b&gt;first&lt;/b&gt;.</p>
<ul dir="ltr"><li>a new kettle</li><li>by Friday</li></ul>
<ol dir="ltr"><li value="1">I rang the warehouse.</li><li value="3">I told her.</li></ol>"""

NO_MARKS = "#tag\n# \n-5 degrees\n2.5 hours\n2026. A year\n--"


def in_short(text):
    """The parts of a text: the first letter of what each is, and its words."""
    return [
        (part.kind.value[0], part.words or [(item.number, item.words) for item in part.items])
        for part in written_parts(text)
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One\n  two\n\n\nthree", [("p", "One\n  two"), ("p", "three")]),
        ("Then:\n- a\n•\tb\n\n* c\nEnd", [("p", "Then:"), ("l", [(0, "a"), (0, "b"), (0, "c")]), ("p", "End")]),
        ("9. a\n12. March\n- b", [("n", [(9, "a"), (12, "March")]), ("l", [(0, "b")])]),
        ("# a\n# b", [("h", "a"), ("h", "b")]),
        (NO_MARKS, [("p", NO_MARKS)]),
    ],
)
def test_headings_and_lists_are_what_a_person_would_type(text, parts):
    assert in_short(text) == parts


def test_a_text_is_read_in_the_direction_of_its_first_letter():
    assert [part.direction for part in written_parts("12 kettles\n\n- اتصلت (by phone)\n\n# …שלום\n7")] == [
        "ltr", "rtl", "rtl", "ltr",
    ]  # fmt: skip


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


@pytest.fixture
def write(signed_in, unit):
    """Write evidence in the page, and return its file."""
    url = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)

    def save(text: str, **said) -> EvidenceFile:
        assert signed_in.post(url, evidence_form(written=text, location="", relevance="", **said)).status_code == 302
        return EvidenceFile.objects.latest("pk")

    return save


def print_url(file: EvidenceFile) -> str:
    return address("portfolio:written_print", file.version.evidence.registration, file=file.uuid)


def claims_url(unit) -> str:
    return address("assessments:shows", unit.registration, evidence=Evidence.objects.latest("pk").uuid)


def html_of(response) -> str:
    return re.sub(r"\n\s+", "\n", re.sub(r"\n\s*\n", "\n", response.content.decode()))


def test_it_is_shown_at_once_on_the_page_of_the_piece_and_beside_its_claims(signed_in, write, unit):
    file = write(TOLD)
    piece = address("portfolio:evidence", unit.registration, evidence=file.version.evidence.uuid)
    assert SHOWN in html_of(signed_in.get(piece))
    beside = html_of(signed_in.get(claims_url(unit)))
    assert SHOWN in beside
    assert '<details class="claims-look" open>' in beside


def test_a_long_text_is_folded_beside_its_claims(signed_in, write, unit):
    write("A long day.\n\n" * 80)
    assert '<details class="claims-look">' in html_of(signed_in.get(claims_url(unit)))


def test_another_text_stays_the_plain_text_that_it_is(signed_in, write, unit):
    file = write(TOLD)
    held = {"version": file.version, "stored_file": file.stored_file, "content_type": "text/plain", "position": 2}
    other = EvidenceFile.objects.create(**held, name="notes.txt")
    viewer = address("portfolio:file_viewer", unit.registration, file=other.uuid)
    assert "What happened</h4>" not in signed_in.get(viewer).content.decode()
    assert signed_in.get(print_url(other)).status_code == 404


def test_more_lines_than_anybody_writes_are_shown_as_plain_text(signed_in, write, unit):
    file = write("x\n" * 5000 + "x")
    piece = address("portfolio:evidence", unit.registration, evidence=file.version.evidence.uuid)
    assert "The preview is being prepared." in words(signed_in.get(piece))
    assert signed_in.get(print_url(file)).status_code == 404


def printed(response) -> str:
    reader = pypdf.PdfReader(BytesIO(response.content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.mark.long
def test_it_is_printed_with_whose_it_is_and_what(client, signed_in, write, assessor):
    file = write(TOLD + "\n\n😀 \U00050000 كتبت", title="A kettle\nthat broke", kind="personal_statement")
    client.force_login(assessor)
    response = client.get(print_url(file))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="Evidence 1 Pat Candidate.pdf"'
    assert "no-store" in response["Cache-Control"]
    text = printed(response)
    assert text.startswith("Evidence 1 of Pat Candidate A kettle that broke Personal statement · Real job")
    for said in (
        "2 March 2026",
        "What happened",
        "I listened <b>first</b>.",
        "3. I told her.",
        "U+50000",
        "Page 1 of 1",
    ):
        assert said in text


def test_nobody_else_gets_it(client, write, outsider):
    file = write(TOLD)
    client.force_login(outsider)
    assert client.get(print_url(file)).status_code == 404


def test_what_is_lost_is_not_printed(signed_in, write):
    file = write(TOLD)
    stored_path(file.stored_file).write_bytes(b"other words")
    response = signed_in.get(print_url(file))
    assert response.status_code == 404
    assert "This file cannot be opened" in words(response)


def test_a_correction_keeps_a_chosen_file_of_the_same_name(signed_in, write, unit):
    file = write(TOLD)
    chosen = bytes_store(centre=unit.registration.centre, content=b"chosen")
    held = {"version": file.version, "content_type": "text/plain", "name": file.name}
    EvidenceFile.objects.create(**held, stored_file=chosen, position=0)
    page = signed_in.get(address("portfolio:evidence_correct", unit.registration, evidence=file.version.evidence.uuid))
    assert page.context["form"]["written"].value() == TOLD
    assert [one.stored_file for one in page.context["form"].fields["keep"].queryset] == [chosen]
