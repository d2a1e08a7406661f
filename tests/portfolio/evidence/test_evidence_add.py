"""The page on which a piece of evidence is added."""

import re
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from centres.services.people import role_end
from portfolio.addresses import claims_address
from portfolio.evidence.services import evidence_remove
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import Evidence, EvidenceFile, StagedFile
from portfolio.models.evidence import stored_path
from portfolio.registrations.services import registration_create, units_add
from standards.services.publishing import unit_publish
from tests.cast import PASSWORD, add_evidence
from tests.portfolio.files.arrivals import pdf, picture, sent, word_document
from tests.portfolio.files.typed import address, another_unit, evidence_form, queries_of, words
from tests.standards.shapes import EVERY_SHAPE

pytestmark = pytest.mark.django_db
PDF, PHOTO = pdf(), picture()


@pytest.fixture
def url(unit) -> str:
    return address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


def claims_url(unit, piece: Evidence) -> str:
    return claims_address(unit.registration.centre.uuid, piece.uuid)


def test_the_page_asks_for_files_and_what_they_are(signed_in, url):
    response = signed_in.get(url)
    form = response.context["form"]
    assert form["setting"].value() == ""  # of the first it is asked
    html = response.content.decode()
    assert 'type="file"' in html
    assert "multiple" in html
    assert ".heic" in html
    assert 'enctype="multipart/form-data"' in html
    for label in ["Files", "Description of evidence", "When did it happen?", "If it is kept elsewhere"]:
        assert label in words(response)


def test_it_says_of_each_unit_what_may_stay_at_the_workplace_also_when_two_have_the_same_code(
    signed_in, url, unit, coordinator
):
    published = [
        unit_publish(
            content=replace(
                EVERY_SHAPE,
                framework=replace(EVERY_SHAPE.framework, code=framework, title=framework),
                rules=replace(EVERY_SHAPE.rules, held_elsewhere=(document,)),
            )
        )
        for framework, document in [("first", "minutes of meetings"), ("second", "rotas")]
    ]
    revisions = [revision for revision in published if revision]
    units_add(registration=unit.registration, actor=coordinator, revisions=revisions)
    page = words(signed_in.get(url))
    for named, document in [("FIRST", "minutes of meetings"), ("SECOND", "rotas")]:
        start = page.index(f"What may stay at the workplace, by X1 Every shape ({named})")
        assert document in page[start : start + 200]


def test_several_files_become_one_piece_and_the_next_question_is_what_it_shows(signed_in, url, unit, candidate):
    files = [sent("log.pdf", PDF), sent("photo.jpg", PHOTO), sent("letter.docx", word_document())]
    response = signed_in.post(url, evidence_form(chosen=files, location="", relevance=""))
    piece = Evidence.objects.get()
    assert response["Location"] == claims_url(unit, piece)
    version = piece.versions.get()
    assert piece.author == candidate
    assert version.title == "Complaints log of the counter, March"
    assert [file.name for file in version.files.all()] == ["log.pdf", "photo.jpg", "letter.docx"]
    assert "Evidence 1 is saved." in words(signed_in.get(response["Location"]))


def test_a_piece_that_is_kept_elsewhere_needs_no_file(signed_in, url):
    signed_in.post(url, evidence_form())
    assert Evidence.objects.get().versions.get().location == "Filing cabinet 3"


def test_with_several_units_all_are_asked_about_and_that_it_was_added_for_is_first(signed_in, url, unit, coordinator):
    units = [unit, *units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])]
    for came_from in units:
        response = signed_in.post(f"{url}?unit={came_from.uuid}", evidence_form(), follow=True)
        shown = [one.shown.claiming.unit for one in response.context["units"]]
        assert shown[0] == came_from
        assert set(shown) == set(units)


def test_an_assessor_adds_a_record_of_their_own(client, url, assessor):
    client.force_login(assessor)
    client.post(url, evidence_form(kind="observation", whose="own"))
    piece = Evidence.objects.get()
    assert (piece.author, piece.put_in_by) == (assessor, None)


def test_who_may_look_but_not_add_is_told_so(client, url, verifier):
    client.force_login(verifier)
    assert client.get(url).status_code == 403
    assert client.post(url, evidence_form(chosen=sent("log.pdf", PDF))).status_code == 403
    assert not Evidence.objects.exists()
    assert not StagedFile.objects.exists()


def test_an_outsider_finds_nothing(client, url, outsider):
    client.force_login(outsider)
    assert client.get(url).status_code == 404
    assert client.post(url, evidence_form()).status_code == 404


def test_the_portfolio_of_another_centre_is_not_reached_through_ones_own(client, unit, outsider):
    client.force_login(outsider)
    own = outsider.memberships.first().centre
    path = reverse("portfolio:evidence_add", kwargs={"centre": own.uuid, "portfolio": unit.registration.uuid})
    assert client.post(path, evidence_form()).status_code == 404


def test_who_is_no_candidate_any_more_finds_nothing(signed_in, url, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    assert signed_in.post(url, evidence_form()).status_code == 404
    assert not Evidence.objects.exists()


def test_the_button_pressed_twice_saves_one_piece(signed_in, url, unit):
    form = evidence_form(location="", relevance="")
    first = signed_in.post(url, form | {"chosen": sent("log.pdf", PDF)})
    second = signed_in.post(url, form | {"chosen": sent("log.pdf", PDF)})
    assert first["Location"] == second["Location"] == claims_url(unit, Evidence.objects.get())
    assert not StagedFile.objects.exists()


def test_pressed_twice_after_a_refusal_it_finds_the_piece_though_its_files_are_taken(signed_in, url):
    form = evidence_form(location="", relevance="")
    signed_in.post(url, form | {"title": "", "chosen": sent("log.pdf", PDF)})
    form["kept"] = str(StagedFile.objects.get().uuid)
    first = signed_in.post(url, form)
    assert signed_in.post(url, form)["Location"] == first["Location"]
    assert Evidence.objects.count() == 1


OTHERWISE = {
    "other words": {"title": "Another letter"},
    "another file": {"chosen": ("letter.docx", word_document())},
    "the same file by another name": {"chosen": ("copy.pdf", PDF)},
    "no file": {"location": "Filing cabinet 3", "relevance": "Shows a complaint", "chosen": None},
}


@pytest.mark.parametrize("other", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_a_form_that_says_something_else_the_second_time_is_not_taken_for_the_first(other, signed_in, url):
    form = evidence_form(location="", relevance="")
    signed_in.post(url, form | {"chosen": sent("log.pdf", PDF)})
    said = form | {"chosen": ("log.pdf", PDF)} | other
    file = said.pop("chosen")
    shown = signed_in.post(url, said | ({"chosen": sent(*file)} if file else {}))
    assert "This form has saved evidence 1 already." in words(shown)
    page = shown.context["form"]
    assert page["title"].value() == said["title"]
    again = said | {"form_key": page["form_key"].value(), "kept": page["kept"].value()}
    assert signed_in.post(url, again).status_code == 302
    first, second = Evidence.objects.order_by("number")
    assert [file.name for file in first.versions.get().files.all()] == ["log.pdf"]
    assert [file.name for file in second.versions.get().files.all()] == ([file[0]] if file else [])
    assert second.versions.get().title == said["title"]


def test_a_form_whose_piece_was_removed_is_not_said_to_be_saved(signed_in, url, candidate):
    form = evidence_form()
    signed_in.post(url, form)
    evidence_remove(evidence=Evidence.objects.get(), actor=candidate)
    shown = signed_in.post(url, form)
    assert "This form has saved evidence 1 already, which was removed since." in words(shown)
    signed_in.post(url, form | {"form_key": shown.context["form"]["form_key"].value()})
    assert [piece.number for piece in Evidence.objects.kept()] == [2]


WRONG = {
    "nothing": ({"title": "", "kind": "", "happened_from": "", "setting": ""}, "Say what this is."),
    "neither file nor place": (
        {"location": "", "relevance": ""},
        "Add a file, write it here, or say where the evidence is kept.",
    ),
    "place without reason": ({"relevance": ""}, "Say both where it is kept and why it matters."),
    "5001 characters": ({"title": "x" * 5001}, "and 5000 fit"),
    "a kind that is none": ({"kind": "rumour"}, "An observation is what an assessor saw"),
    "a setting that is none": ({"setting": "dream"}, "not one of the available choices"),
    "no date": ({"happened_from": "in spring"}, "Give a date, such as 22/11/2026."),
    "the 30th of February": ({"happened_from": "2026-02-30"}, "Give a date"),
    "the future": ({"happened_from": "2999-01-01"}, "This date is in the future."),
    "two digits of a year": ({"happened_from": "0026-03-02"}, "This is in the year 26."),
    "backwards": ({"happened_to": "2026-03-01"}, "The last day is before the first."),
    "no form": ({"form_key": "x"}, "This form did not come whole."),
}


@pytest.mark.parametrize(("said", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_refused_form_says_why_and_keeps_what_was_typed_and_sent(said, sentence, signed_in, url):
    form = evidence_form(title="Kept words", happened_to="", chosen=sent("log.pdf", PDF)) | said
    if "location" in said:
        del form["chosen"]
    response = signed_in.post(url, form)
    assert response.status_code == 200
    assert sentence in words(response)
    assert not Evidence.objects.exists()
    page = response.context["form"]
    for name, value in form.items():
        if name not in {"chosen", "form_key"}:
            assert page[name].value() == value, name
    if "chosen" in form:
        staged = StagedFile.objects.get()
        html = response.content.decode()
        assert "log.pdf" in html
        assert page["kept"].value() == [str(staged.uuid)]


def test_all_that_is_wrong_is_said_at_once_beside_its_field(signed_in, url):
    form = evidence_form(title="", kind="", happened_to="2026-03-01", location="", relevance="")
    response = signed_in.post(url, form)
    assert response.context["form"].errors == {
        "chosen": ["Add a file, write it here, or say where the evidence is kept."],
        "title": ["Say what this is."],
        "kind": ["Choose what kind of evidence it is."],
        "happened_to": ["The last day is before the first. Put one of them right."],
    }
    [focused] = re.findall(r"<[^>]* autofocus[^>]*>", response.content.decode())
    assert 'name="chosen"' in focused


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"happened_from": "2999-01-01", "happened_to": "2999-01-02"}, "happened_from happened_to"),
        ({"relevance": ""}, "relevance"),
        ({"location": ""}, "location"),
        ({"location": "x" * 501, "relevance": ""}, "location"),
    ],
    ids=str,
)
def test_what_no_piece_can_say_is_marked_at_its_field(said, field, signed_in, url):
    assert " ".join(signed_in.post(url, evidence_form(**said)).context["form"].errors) == field


def test_a_bad_file_is_named_and_the_good_ones_are_kept(signed_in, url):
    files = [sent("log.pdf", PDF), sent("empty.pdf", b""), sent("page.html", b"<script>alert(1)</script>")]
    response = signed_in.post(url, evidence_form(chosen=files))
    assert "empty.pdf was not kept: it is empty" in words(response)
    assert "page.html was not kept" in words(response)
    assert "Not saved yet: look at what is marked below." in words(response)
    assert [file.name for file in StagedFile.objects.all()] == ["log.pdf"]
    assert not Evidence.objects.exists()


def test_kept_files_are_adopted_when_the_form_is_right(signed_in, url):
    form = evidence_form(location="", relevance="")
    signed_in.post(url, form | {"title": "", "chosen": [sent("log.pdf", PDF)]})
    form |= {"kept": [str(StagedFile.objects.get().uuid)], "chosen": [sent("photo.jpg", PHOTO)]}
    signed_in.post(url, form)
    assert [file.name for file in Evidence.objects.get().versions.get().files.all()] == ["log.pdf", "photo.jpg"]
    assert not StagedFile.objects.exists()


@pytest.mark.long
def test_four_hundred_files_that_have_arrived_are_one_piece_and_each_can_be_opened(signed_in, url, unit, candidate):
    """Of a phone's gallery chosen whole; each came by itself."""
    with IncomingFile.from_content("photo.jpg", PHOTO) as incoming:
        first = file_stage(registration=unit.registration, user=candidate, incoming=incoming)
    alike = ("user_id", "registration_id", "stored_file_id", "content_type", "staged_at")
    others = StagedFile.objects.bulk_create(
        StagedFile(name=f"photo {number}.jpg", **{name: getattr(first, name) for name in alike})
        for number in range(2, 401)
    )
    signed_in.post(url, evidence_form(kept=[str(one.uuid) for one in (first, *others)]))
    piece = Evidence.objects.get()
    assert EvidenceFile.objects.filter(version__evidence=piece).count() == 400
    assert not StagedFile.objects.exists()
    page = address("portfolio:evidence", unit.registration, evidence=piece.uuid)
    assert "photo 400.jpg" in words(signed_in.get(page))


def test_a_file_kept_for_somebody_else_is_not_taken(signed_in, url, unit, assessor):
    theirs = file_stage(
        registration=unit.registration, user=assessor, incoming=IncomingFile.from_content("secret.pdf", PDF)
    )
    response = signed_in.post(url, evidence_form(kept=[str(theirs.uuid)]))
    assert "no longer there" in words(response)
    assert "secret.pdf" not in response.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_kept_in_another_portfolio_is_not_taken(signed_in, url, unit, candidate, coordinator, b10):
    other = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[b10]
    )
    elsewhere = file_stage(registration=other, user=candidate, incoming=IncomingFile.from_content("log.pdf", PDF))
    signed_in.post(url, evidence_form(kept=[str(elsewhere.uuid)]))
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "title", ["W" * 300, "<script>alert(1)</script>", "شكاوى العملاء", "x" * 5000, "line\r\n" * 830], ids=range(5)
)
def test_any_words_are_kept_and_shown_as_words(title, signed_in, url, unit):
    signed_in.post(url, evidence_form(title=title))
    piece = Evidence.objects.get()
    assert piece.versions.get().title == title.strip().replace("\r\n", "\n")
    for page in (
        address("portfolio:evidence", unit.registration, evidence=piece.uuid),
        claims_url(unit, piece),
        address("assessments:portfolio", unit.registration, portfolio=unit.registration.uuid),
    ):
        assert "<script>alert" not in signed_in.get(page).content.decode()


def test_a_submitted_unit_asks_no_claims_of_a_new_piece(client, submitted_unit, candidate):
    client.force_login(candidate)
    registration = submitted_unit.registration
    response = client.post(
        address("portfolio:evidence_add", registration, portfolio=registration.uuid), evidence_form()
    )
    piece = Evidence.objects.get(number=2)
    assert response["Location"] == address("portfolio:evidence", registration, evidence=piece.uuid)


def test_what_was_typed_is_back_after_an_expired_session(client, url, candidate):
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    client.get(url)
    client.session.flush()
    form = evidence_form(title="Typed for a long time")
    assert client.post(url, form)["Location"].startswith("/accounts/login/")
    assert not Evidence.objects.exists()
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    page = client.get(url)
    assert page.context["form"]["title"].value() == "Typed for a long time"
    assert page.context["form"]["form_key"].value() == form["form_key"]
    client.post(url, form)
    assert Evidence.objects.get().versions.get().title == "Typed for a long time"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_takes_no_other_method(method, signed_in, url):
    assert getattr(signed_in, method)(url).status_code == 405


@pytest.mark.long
def test_it_takes_as_many_queries_with_ten_times_the_data(signed_in, url, unit, candidate):
    before = queries_of(signed_in, url)
    for number in range(10):
        add_evidence(unit.registration, candidate, title=f"Piece {number}")
        file_stage(
            registration=unit.registration,
            user=candidate,
            incoming=IncomingFile.from_content(f"{uuid.uuid4()}.pdf", PDF),
        )
    after = queries_of(signed_in, url)
    assert after <= 15
    # One more reads the names of the files that were kept.
    assert after <= before + 1


def test_after_an_ended_session_no_file_is_said_to_be_kept(signed_in, url, candidate):
    signed_in.get(url)  # by which the browser knows who they are
    signed_in.cookies.pop("sessionid")
    signed_in.post(url, {"title": "Half a description", "chosen": sent("letter.pdf", PDF)})
    signed_in.force_login(candidate)

    said = words(signed_in.get(url))
    assert "Please choose your files again: letter.pdf." in said
    assert "so is each file that is fine" not in said


TOLD = "I rang the customer.\n\nThen I wrote down what we had agreed:\n- a new kettle\n- by Friday"


def test_what_is_written_in_the_page_is_a_file_of_the_piece(signed_in, url, unit):
    response = signed_in.post(url, evidence_form(written=TOLD.replace("\n", "\r\n"), chosen=sent("letter.pdf", PDF)))
    piece = Evidence.objects.get()
    assert response.url == claims_url(unit, piece)
    files = piece.versions.get().files.order_by("position")
    assert [(file.name, file.content_type) for file in files] == [
        ("letter.pdf", "application/pdf"),
        ("Written here.txt", "text/plain"),
    ]
    assert stored_path(files[1].stored_file).read_bytes() == TOLD.encode()


def test_writing_alone_is_enough_and_the_button_pressed_twice_saves_it_once(signed_in, url):
    form = evidence_form(written=TOLD)
    assert signed_in.post(url, form).status_code == 302
    assert signed_in.post(url, form).status_code == 302
    assert Evidence.objects.count() == 1


def test_a_refused_form_keeps_what_was_written(signed_in, url):
    response = signed_in.post(url, evidence_form(written=TOLD, title=""))
    assert response.context["form"]["written"].value() == TOLD
    assert "written-here' open" in response.content.decode()
    assert not StagedFile.objects.exists()


def test_more_than_fits_is_said_with_its_length(signed_in, url):
    said = words(signed_in.post(url, evidence_form(written="x" * 200_001)))
    assert "This has 200001 characters, and 200000 fit." in said
