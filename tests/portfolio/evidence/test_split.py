"""A long scan is split: ranges of its pages become evidence of their own."""

import uuid
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from weasyprint import HTML

from portfolio.evidence.services import evidence_remove, piece_make
from portfolio.evidence.splitting import PageRange, evidence_split
from portfolio.files.drawing import preview_make
from portfolio.files.services import file_stage, open_stored
from portfolio.files.uploads import IncomingFile
from portfolio.models import Evidence, EvidenceFile, StoredFile
from portfolio.models.evidence import previews_path, stored_path
from tests.centres.policies import choose
from tests.portfolio.files.arrivals import file_of, pdf
from tests.portfolio.files.typed import address, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PAGES = "".join(f"<p style='break-before: page'>Page {n} <input value='typed {n}'></p>" for n in range(1, 10))
SCAN = HTML(string=PAGES).write_pdf(pdf_forms=True)


@pytest.fixture
def scan(unit, candidate) -> EvidenceFile:
    """Pat's scan of nine pages, drawn."""
    file = file_of(unit.registration, candidate, "Scan.pdf", SCAN, "application/pdf")
    preview_make(file=file)
    return file


@pytest.fixture
def signed_in(client, candidate, scan):
    client.force_login(candidate)
    return client


def url(file: EvidenceFile) -> str:
    return address("portfolio:file_split", file.version.evidence.registration, file=file.uuid)


def typed(*rows: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    """What a browser sends: the rows, and empty ones after them."""
    form = {
        "form_key": str(uuid.uuid4()),
        "part-TOTAL_FORMS": str(total or len(rows) + 2),
        "part-INITIAL_FORMS": "0",
    }
    for number in range(total or len(rows) + 2):
        said = rows[number] if number < len(rows) else {}
        for name, value in ({"first": "", "last": "", "title": "", "kind": "work_product"} | said).items():
            form[f"part-{number}-{name}"] = value
    return form


LETTERS = {"first": "3", "last": "5", "title": "Letters", "kind": "work_product"}
NOTES = {"first": "5", "title": "Notes", "kind": "personal_statement"}  # page 5 is in both


def made() -> list[Evidence]:
    return list(Evidence.objects.filter(number__gt=1).order_by("number"))


@pytest.mark.long
def test_a_portfolio_without_room_is_not_split(scan, candidate, centre, coordinator):
    registration = scan.version.evidence.registration
    choose(centre, coordinator, portfolio_quota_mb=1)
    size = 1024 * 1024 - scan.stored_file.size
    file_stage(registration=registration, user=candidate, incoming=IncomingFile.from_content("a.txt", b"a" * size))
    part = PageRange(first=1, last=2, title="Letters", kind="work_product")
    with pytest.raises(ValidationError, match=r"What was split from Scan\.pdf was not kept: it has"):
        evidence_split(file=scan, actor=candidate, form_key=uuid.uuid4(), parts=[part])
    assert made() == []


@pytest.mark.long
def test_each_range_becomes_evidence_with_a_pdf_of_these_pages(signed_in, scan, candidate):
    page = signed_in.get(url(scan))
    assert page.content.decode().count('alt="Page ') == 9
    answer = signed_in.post(url(scan), typed(LETTERS, {}, NOTES), follow=True)
    assert "Saved as evidence 2 to 3." in words(answer)
    assert "Taken from it: evidence 2 , evidence 3 ." in words(answer)
    whole = scan.version
    expected = [
        (2, "Letters", "work_product", "Scan, pages 3 to 5.pdf", ["Page 3", "Page 4", "Page 5"]),
        (3, "Notes", "personal_statement", "Scan, page 5.pdf", ["Page 5"]),
    ]
    for piece, (number, title, kind, name, pages) in zip(made(), expected, strict=True):
        version = piece.versions.get()
        [file] = version.files.all()
        assert (piece.number, piece.author, piece.put_in_by, piece.taken_from) == (number, candidate, None, whole)
        assert (version.title, version.kind, file.name) == (title, kind, name)
        assert (version.setting, version.happened_from) == (whole.setting, whole.happened_from)
        with open_stored(file.stored_file) as stored:
            texts = [one.extract_text() for one in pypdf.PdfReader(stored).pages]
        assert [text[: len("Page 3")] for text in texts] == pages
        assert f"typed {pages[0][-1]}" in texts[0]  # what was typed into a form goes along
    assert "Taken from evidence 1" in words(
        signed_in.get(address("portfolio:evidence", piece.registration, evidence=piece.uuid))
    )
    assert scan.version.evidence.versions.count() == 1
    assert not list(previews_path(scan.stored_file).parent.glob(".*"))


@pytest.mark.long
def test_pressed_twice_it_saves_once_and_what_was_changed_since_is_asked_about(signed_in, scan):
    form = typed(LETTERS, NOTES)
    for _ in range(2):
        assert "Saved as evidence 2 to 3." in words(signed_in.post(url(scan), form, follow=True))
    changed = signed_in.post(url(scan), form | {"part-1-title": "Other notes"})
    assert "This form has saved evidence 2 to 3 already." in words(changed)
    assert len(made()) == 2
    form |= {"form_key": str(changed.context["form"].form_key), "part-1-title": "Other notes"}
    signed_in.post(url(scan), form)
    assert len(made()) == 4


def test_the_service_makes_the_parts_of_one_form_once(scan, candidate):
    key, part = uuid.uuid4(), PageRange(first=1, last=2, title="Letters", kind="work_product")
    first = evidence_split(file=scan, actor=candidate, form_key=key, parts=[part])
    assert evidence_split(file=scan, actor=candidate, form_key=key, parts=[part]) == first == made()


WRONG: list[tuple[list[dict[str, str]], dict[str, str], str]] = [
    ([], {}, "Say for one part at least which pages it has."),
    ([LETTERS, NOTES | {"first": "10"}], {}, "This file has the pages 1 to 9."),
    ([LETTERS, NOTES | {"first": "0"}], {}, "This file has the pages 1 to 9."),
    ([LETTERS | {"last": "9" * 30}], {}, "This file has the pages 1 to 9."),
    ([LETTERS | {"first": "6"}], {}, "The last page is before the first."),
    ([LETTERS | {"first": "three"}], {}, "Give the number of a page, such as 3."),
    ([LETTERS, {"last": "4"}], {}, "Say what this is."),
    ([LETTERS | {"title": "x" * 5001}], {}, "and 5000 fit. Shorten it, please."),
    ([LETTERS | {"kind": "rumour"}], {}, "Select a valid choice."),
    ([LETTERS] * 400, {}, "20 parts can be made at once. Make the others afterwards."),
    ([LETTERS], {"form_key": "mine"}, "This form did not come whole."),
    ([LETTERS], {"part-TOTAL_FORMS": "many"}, "This form did not come whole."),
]


@pytest.mark.long
def test_what_is_wrong_is_said_and_nothing_is_saved(signed_in, scan):
    for rows, said, sentence in WRONG:  # one scan for all: drawing its pages takes a second
        answer = signed_in.post(url(scan), typed(*rows) | said)
        assert sentence in words(answer)
        if rows and "part-TOTAL_FORMS" not in said:
            assert str(rows[0]["title"]) in answer.content.decode()
    assert not made()


def test_more_rows_keep_what_was_typed_and_ask_nothing_yet(signed_in, scan):
    form = typed(LETTERS, {"last": "7"}) | {"more": "1"}
    page = signed_in.post(url(scan), form)
    assert "Say what this is." not in words(page)
    rows = page.context["form"]
    assert [rows[number]["last"].value() for number in range(3)] == ["5", "7", None]
    assert rows.total_form_count() == 6
    assert str(rows.form_key) == form["form_key"]


@pytest.mark.long
def test_all_are_saved_or_none(signed_in, scan, monkeypatch):
    stored = StoredFile.objects.count()

    def fails_later(**said):
        if made():
            raise ValidationError("The disk is full.")
        return piece_make(**said)

    monkeypatch.setattr("portfolio.evidence.splitting.piece_make", fails_later)
    answer = signed_in.post(url(scan), typed(LETTERS, NOTES))
    assert "The disk is full." in words(answer)
    assert not made()
    assert StoredFile.objects.count() == stored


@pytest.mark.long
def test_a_part_that_is_larger_than_a_file_may_be_is_refused(signed_in, scan, settings, monkeypatch):
    monkeypatch.setattr("portfolio.files.pdf_splitting._largest", lambda file: 2000)
    answer = signed_in.post(url(scan), typed(LETTERS))
    assert "The parts could not be kept: the server has no room for them, or one is larger than" in words(answer)
    assert not made()


@pytest.mark.long
def test_what_has_lost_its_bytes_or_is_damaged_says_so(signed_in, scan):
    path = stored_path(scan.stored_file)
    path.unlink()
    assert "is not on the server as it was stored" in words(signed_in.post(url(scan), typed(LETTERS)))
    assert not made()


@pytest.mark.long
def test_a_pdf_with_a_password_cannot_be_split(signed_in, unit, candidate, tmp_path):
    locked = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(pdf())))
    locked.encrypt("secret")
    locked.write(tmp_path / "locked.pdf")
    content = (tmp_path / "locked.pdf").read_bytes()
    file = file_of(unit.registration, candidate, "Locked.pdf", content, "application/pdf")
    assert "Its pages are being prepared." in words(signed_in.get(url(file)))
    preview_make(file=file)
    assert "It has a password, so its pages cannot be shown here. So it cannot be split." in words(
        signed_in.get(url(file))
    )
    with pytest.raises(ValidationError, match="is not known, so it cannot be split"):
        evidence_split(
            file=file,
            actor=candidate,
            form_key=uuid.uuid4(),
            parts=[PageRange(first=1, last=1, title="Letter", kind="work_product")],
        )


def test_a_pdf_without_a_form_is_split(unit, candidate):
    file = file_of(unit.registration, candidate, "Plain.pdf", pdf(), "application/pdf")
    preview_make(file=file)
    part = PageRange(first=1, last=1, title="The letter", kind="work_product")
    assert len(evidence_split(file=file, actor=candidate, form_key=uuid.uuid4(), parts=[part])) == 1


@pytest.mark.long
def test_a_coordinator_splits_what_they_put_in(client, scan, coordinator, candidate):
    [piece] = evidence_split(
        file=scan,
        actor=coordinator,
        form_key=uuid.uuid4(),
        parts=[PageRange(first=9, last=9, title="The end", kind="work_product")],
    )
    assert (piece.author, piece.put_in_by) == (candidate, coordinator)


@pytest.mark.parametrize(("person", "status"), [("verifier", 403), ("outsider", 404)])
def test_others_split_nothing(person, status, client, scan, request):
    who = request.getfixturevalue(person)
    client.force_login(who)
    assert client.get(url(scan)).status_code == status
    with pytest.raises(PermissionDenied):
        evidence_split(file=scan, actor=who, form_key=uuid.uuid4(), parts=[])


def test_what_was_removed_or_is_no_pdf_is_not_split(signed_in, unit, scan, candidate):
    text = file_of(unit.registration, candidate, "log.txt", b"Monday", "text/plain")
    assert signed_in.get(url(text)).status_code == 404
    evidence_page = address("portfolio:evidence", unit.registration, evidence=scan.version.evidence.uuid)
    assert url(scan) in signed_in.get(evidence_page).content.decode()
    page = url(scan)
    claimed = scan.version.evidence
    claimed.versions.model.objects.create(
        evidence=claimed, number=2, title="Corrected", kind="work_product", setting="real_job",
        happened_from=scan.version.happened_from, author=candidate, made_at=scan.version.made_at,
    )  # fmt: skip
    assert "Split what it holds now." in words(signed_in.post(page, typed(LETTERS), follow=True))
    evidence_remove(evidence=claimed, actor=candidate)
    assert signed_in.get(page).status_code == 404  # its files went with it
