"""The page on which a piece of evidence is corrected."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.signing.services import unit_sign_off, unit_submit
from assessments.standing.unit_record import claims_in
from centres.services.people import role_end
from demo.clock import told_at
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_remove
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import Evidence, EvidenceVersion, StagedFile
from portfolio.models.evidence import stored_path
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_make, claims_withdraw, judge_in_bulk, seen
from tests.portfolio.files.arrivals import pdf, picture, sent
from tests.portfolio.files.typed import address, evidence_form, queries_of, words

pytestmark = pytest.mark.django_db
PDF, PHOTO = pdf(), picture()


@pytest.fixture
def piece(unit, candidate) -> Evidence:
    """Evidence 1, with two files."""
    return evidence_add(
        registration=unit.registration,
        actor=candidate,
        form_key=unit.uuid,
        details=EvidenceDetails(
            title="Complaints log",
            kind="work_product",
            setting="real_job",
            happened_from=datetime.date(2026, 3, 2),
        ),
        staged=[
            file_stage(registration=unit.registration, user=candidate, incoming=incoming)
            for incoming in (IncomingFile.from_content("log.pdf", PDF), IncomingFile.from_content("photo.jpg", PHOTO))
        ],
    )


@pytest.fixture
def url(piece) -> str:
    return address("portfolio:evidence_correct", piece.registration, evidence=piece.uuid)


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


def latest(piece) -> EvidenceVersion:
    return piece.versions.latest("number")


def names(version) -> list[str]:
    return [file.name for file in version.files.all()]


def form(piece, **said):
    """What the browser sends when nothing is changed but what is said here."""
    version = latest(piece)
    fields = {
        "seen": version.number,
        "title": version.title,
        "keep": [str(file.uuid) for file in version.files.all()],
        "location": version.location,
        "relevance": version.relevance,
    }
    typed = evidence_form(**fields | said)
    del typed["form_key"]
    return typed


def test_it_shows_what_the_piece_says_and_holds(signed_in, url, piece):
    page = signed_in.get(url).context["form"]
    assert page["title"].value() == "Complaints log"
    assert page["keep"].value() == [file.uuid for file in latest(piece).files.all()]
    assert page["seen"].value() == 1


def test_a_version_that_no_piece_can_have_is_no_fault_of_ours(signed_in, url, piece):
    response = signed_in.post(url, form(piece, seen="9" * 5000, title="The log of March"))
    assert response.status_code == 200
    assert latest(piece).number == 1


def test_a_correction_is_saved_as_the_next_version(signed_in, url, piece):
    response = signed_in.post(url, form(piece, title="The log of March"), follow=True)
    assert (latest(piece).number, latest(piece).title, names(latest(piece))) == (
        2,
        "The log of March",
        ["log.pdf", "photo.jpg"],
    )
    assert "Saved as version 2." in words(response)


def test_files_are_left_out_and_added(signed_in, url, piece):
    [log, _] = latest(piece).files.all()
    signed_in.post(url, form(piece, keep=[str(log.uuid)], chosen=sent("new.pdf", pdf("new"))))
    assert names(latest(piece)) == ["log.pdf", "new.pdf"]
    assert names(piece.versions.get(number=1)) == ["log.pdf", "photo.jpg"]


def test_saving_without_a_change_says_so(signed_in, url, piece):
    assert "Nothing differs" in words(signed_in.post(url, form(piece), follow=True))
    assert piece.versions.count() == 1


def test_the_button_pressed_twice_saves_one_version(signed_in, url, piece):
    typed = form(piece, title="The log of March")
    for _ in range(2):
        signed_in.post(url, typed | {"chosen": sent("new.pdf", PDF[:-1] + b"\n\n")})
    assert piece.versions.count() == 2
    assert not StagedFile.objects.exists()


def test_a_setting_that_bars_claims_is_explained_at_once(signed_in, url, piece, unit):
    claim_in_bulk(unit, [piece])
    page = words(signed_in.post(url, form(piece, setting="simulation"), follow=True))
    assert "B10.1.1 to B10.1.3, B10.2.1 to B10.2.8" in page
    assert "5a to 5c no longer count: B10 takes evidence of this from a real job" in page
    assert "B10a" not in page.partition("no longer count")[0].rpartition("Saved as")[2]


def test_a_submitted_unit_keeps_what_it_was_submitted_with(client, submitted_unit, evidence, candidate):
    client.force_login(candidate)
    path = address("portfolio:evidence_correct", evidence.registration, evidence=evidence.uuid)
    page = words(client.post(path, form(evidence, setting="simulation"), follow=True))
    assert "Saved as version 2." in page
    assert "no longer count" not in page


@pytest.mark.long
@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        (("claim", "submit", "take back", "claim"), "version 1"),
        (("claim", "submit", "claim"), "version 1"),
        (("submit", "claim"), "version 2"),
        (("submit", "claim", "take back", "claim"), "version 2"),
        (("claim", "take back", "submit", "claim"), "version 2"),
        (("submit", "claim", "sign off"), "version 1"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, tuple) else value,
)
def test_a_claim_is_said_not_to_count_only_where_the_correction_counts(
    steps, counts, client, claimed_unit, candidate, assessor
):
    unit = claimed_unit
    own = add_evidence(unit.registration, assessor)
    piece = {"unit": unit, "evidence": own, "actor": assessor}
    claimable = iter(unit.revision.criteria.filter(kind="performance", is_tickable=True))
    claimed = []

    def claim():
        claimed.append(next(claimable))
        claims_make(**piece, wanted={claimed[-1]: ""})

    doing = {
        "claim": claim,
        "take back": lambda: claims_withdraw(**piece),
        "submit": lambda: unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit)),
        "sign off": lambda: sign_off(unit, assessor),
    }
    for minute, step in enumerate(steps):
        with told_at(timezone.now() + datetime.timedelta(minutes=minute)):
            doing[step]()
    client.force_login(assessor)
    path = address("portfolio:evidence_correct", unit.registration, evidence=own.uuid)
    page = words(client.post(path, form(own, setting="simulation"), follow=True))
    assert "Saved as version 2." in page
    assert ("no longer count" in page) == (counts == "version 2")
    assert {f"version {claim.version.number}" for claim in claims_in(unit, evidence=own).claims} == {counts}


def sign_off(unit, assessor):
    judge_in_bulk(unit, assessor)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="")


def test_two_windows_at_once_lose_nothing(signed_in, url, piece):
    [log, _] = latest(piece).files.all()
    first, second = form(piece, title="Said in one window", chosen=sent("new.pdf", pdf("new"))), form(piece)
    signed_in.post(url, first)
    response = signed_in.post(url, second | {"title": "Said in another", "keep": [str(log.uuid)]})
    page = words(response)
    assert "This evidence was changed since you opened the page" in page
    assert "What Pat Candidate changed meanwhile" in page
    assert "Said in one window" in page
    assert "new.pdf" in page
    again = response.context["form"]
    assert again["title"].value() == "Said in another"
    assert latest(piece).title == "Said in one window"
    # What was unticked stays unticked, what the person has not seen yet is ticked.
    ticked = [file.name for file in latest(piece).files.all() if str(file.uuid) in again["keep"].value()]
    assert ticked == ["log.pdf", "new.pdf"]
    signed_in.post(url, second | {"title": "Said in another", "seen": 2, "keep": again["keep"].value()})
    assert (latest(piece).number, latest(piece).title) == (3, "Said in another")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": ""}, "Say what this is."),
        ({"title": "x" * 5001}, "and 5000 fit"),
        ({"happened_from": "2999-01-01"}, "in the future"),
        ({"happened_to": "2026-03-01"}, "last day is before the first"),
        ({"keep": []}, "Add a file, write it here, or say where the evidence is kept."),
        ({"seen": "x"}, "This form did not come whole."),
        ({"keep": ["x"]}, "does not belong to this evidence"),
    ],
    ids=lambda value: str(value)[:25],
)
def test_a_refused_correction_says_why_and_keeps_what_was_typed(said, sentence, signed_in, url, piece):
    typed = form(piece, relevance="", location="", title="Kept words") | said
    response = signed_in.post(url, typed)
    assert sentence in words(response)
    assert response.context["form"]["title"].value() == typed["title"]
    assert piece.versions.count() == 1


def test_a_refused_correction_keeps_the_files_that_arrived(signed_in, url, piece):
    response = signed_in.post(url, form(piece, title="", chosen=sent("new.pdf", pdf("new"))))
    assert [file.name for file in StagedFile.objects.all()] == ["new.pdf"]
    assert response.context["form"]["kept"].value() == [str(StagedFile.objects.get().uuid)]


def test_a_version_that_never_was_is_no_way_around(signed_in, url, piece):
    for number in ("7", "0", "-1", "9" * 40, "²"):
        response = signed_in.post(url, form(piece, title="Forced", seen=number))
        assert response.status_code == 200, number
    assert piece.versions.count() == 1


def test_a_file_of_another_piece_is_refused(signed_in, url, piece, candidate):
    other = add_evidence(piece.registration, candidate)
    signed_in.post(
        address("portfolio:evidence_correct", piece.registration, evidence=other.uuid),
        form(other, chosen=sent("other.pdf", pdf("other"))),
    )
    [foreign] = latest(other).files.all()
    response = signed_in.post(url, form(piece, title="New", keep=[str(foreign.uuid)]))
    assert "does not belong to this evidence" in words(response)
    assert piece.versions.count() == 1


@pytest.mark.parametrize(
    ("person", "status"), [("assessor", 403), ("verifier", 403), ("coordinator", 403), ("outsider", 404)]
)
def test_only_who_made_it_corrects_it(person, status, client, url, piece, request):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code == status
    assert client.post(url, form(piece, title="Mine now")).status_code == status
    assert piece.versions.count() == 1


def test_a_removed_piece_is_shown_as_removed(signed_in, unit, candidate):
    piece = add_evidence(unit.registration, candidate)
    evidence_remove(evidence=piece, actor=candidate)
    path = address("portfolio:evidence_correct", unit.registration, evidence=piece.uuid)
    assert "This evidence was removed" in words(signed_in.get(path, follow=True))
    assert "This evidence was removed" in words(signed_in.post(path, form(piece, title="New"), follow=True))
    assert piece.versions.count() == 1


def test_who_is_no_candidate_any_more_finds_nothing(signed_in, url, piece, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    assert signed_in.post(url, form(piece, title="New")).status_code == 404


def test_what_was_typed_is_back_after_an_expired_session(client, url, piece, candidate):
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    client.get(url)
    client.session.flush()
    client.post(url, form(piece, title="Typed for a long time", keep=[]))
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    page = client.get(url).context["form"]
    assert page["title"].value() == "Typed for a long time"
    assert page["keep"].value() == []
    assert piece.versions.count() == 1


@pytest.mark.long
def test_it_takes_as_many_queries_with_ten_times_the_data(signed_in, url, unit, candidate):
    before = queries_of(signed_in, url)
    for number in range(10):
        add_evidence(unit.registration, candidate, title=f"Piece {number}")
    assert queries_of(signed_in, url) == before <= 15


def written(signed_in, piece, url, text):
    """Save the piece with what was written in the page, as the page shows it."""
    shown = signed_in.get(url).context["form"]
    kept = [str(uuid) for uuid in shown["keep"].value()]
    return signed_in.post(url, form(piece, written=text, keep=kept, seen=shown["seen"].value()))


@pytest.mark.long
def test_what_was_written_in_the_page_is_written_on(signed_in, url, piece):
    written(signed_in, piece, url, "I rang them.")
    page = signed_in.get(url)
    assert page.context["form"]["written"].value() == "I rang them."
    assert "Written here.txt" not in words(page)  # there is nothing to tick: it is what stands in the field
    version, held = latest(piece), names(latest(piece))
    assert "Written here.txt" in held

    written(signed_in, piece, url, "I rang them.")
    assert latest(piece) == version  # nothing differs

    written(signed_in, piece, url, "I rang them, and wrote.")
    assert (latest(piece).number, names(latest(piece))) == (version.number + 1, held)
    [text] = latest(piece).files.filter(name="Written here.txt")
    assert stored_path(text.stored_file).read_bytes() == b"I rang them, and wrote."

    written(signed_in, piece, url, "")
    assert names(latest(piece)) == [name for name in held if name != "Written here.txt"]
