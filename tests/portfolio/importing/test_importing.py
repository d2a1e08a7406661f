"""An import: every wrong cell is named, nothing starts before, it goes on where it was, and twice changes nothing."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centres.candidate_numbers.services import numbered_add
from centres.invitations.mailing import KEPT_IN_FILES
from centres.invitations.models import Invitation
from centres.invitations.services import invitation_accept
from centres.models import Membership, Role, User
from centres.services.people import role_end
from portfolio.importing import services
from portfolio.importing.rows import ONCE_ACCEPTED, row_do
from portfolio.importing.services import import_start, import_stop, import_work
from portfolio.models import (
    Allocation,
    Import,
    ImportRow,
    Registration,
    RegistrationParticulars,
    RegistrationState,
    WorkLane,
)
from portfolio.registrations.services import registration_create
from portfolio.registrations.standing import StandingSaid, standing_change
from portfolio.registrations.unit_choice import unit_set_aside
from portfolio.services.waiting_work import work_take
from printing.taking_turns import turn
from record.models import Event
from tests.assessments.pages import signed_in, text_of
from tests.portfolio.importing.spreadsheets import (
    HEADINGS,
    KIM,
    PAT,
    STAFF,
    checked,
    csv_file,
    imported,
    work_off,
    xlsx_file,
)
from tests.portfolio.qualified import people_on, unit_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,
    pytest.mark.usefixtures("assessor", "verifier", "qualification"),
]


LEFT_ALONE = "Their registration was withdrawn, and is left alone."


def faults_of(row: Import) -> list[tuple[str, str]]:
    return [(fault["cell"], fault["why"]) for one in row.rows.order_by("number") for fault in one.faults]


def states(row: Import) -> dict[int, tuple[str, str]]:
    return {one.number: (one.state, one.sentence) for one in row.rows.all()}


def everything() -> list[int]:
    return [model.objects.count() for model in (User, Membership, Registration, Allocation, Event)]


# --- Checking ---------------------------------------------------------------------------------------


def test_every_wrong_cell_is_named_and_nothing_starts(centre, coordinator):
    content = xlsx_file(
        ("", "no address", "king", "Q9", "", "", "", ""),
        ("=A2", "kim@new.example", "", "", "", "C-2", "ann@harbour.example", ""),
        ("Lee", "lee@new.example", "", "Q2", "O1; X9", "x" * 41, "ivy@harbour.example", "ann@nowhere.example"),
        ("Lou", "lou@new.example", "assessor", "Q2", "", "", "lou@new.example", ""),
        ("Ann Other", "lou@new.example", "", "", "", "", "", "", "aside"),
    )
    row = checked(centre, coordinator, content)
    found = faults_of(row)
    assert " ".join(cell for cell, _ in found) == "A2 B2 C2 D2 A3 F3 G3 E4 F4 G4 H4 G5 A6 I6"
    said = dict(found)
    assert said["A2"] == "Type their name, as it will stand on printed forms."
    assert said["C2"].startswith("“king” is no role. There are: candidate, assessor")
    assert said["D2"].startswith("“Q9” is no qualification here.")
    assert said["A3"].startswith("This is a formula.")
    assert said["G4"].startswith("ivy@harbour.example is no assessor of the centre")
    assert said["G5"].startswith("Nobody is the assessor of their own units.")
    with pytest.raises(ValidationError, match="Nothing starts before every cell is right"):
        import_start(of=row, actor=coordinator)
    assert work_off() == 0


def test_a_row_without_an_address_is_named_and_finds_nobody(centre, coordinator):
    numbered_add(centre=centre, actor=coordinator, name="Nell Number", number="0042")  # who has none either
    faults = faults_of(checked(centre, coordinator, csv_file(("Kim Keel", "", *KIM[2:]))))
    assert faults == [("B2", "Type an e-mail address, or the sign-in number of a candidate who has none.")]


def test_a_person_with_two_names_or_twice_on_the_same_is_named_and_with_two_qualifications_is_fine(centre, coordinator):
    other_name = ("Pat Pickle", *PAT[1:])
    single = ("Pat Pike", "PAT@new.example", "", "", "cvq:O2", "", "", "")
    row = checked(centre, coordinator, csv_file(PAT, single, PAT, other_name))
    assert faults_of(row) == [
        ("B4", "Row 2 registers them on the same. Put both into one row."),
        ("A5", "pat@new.example is Pat Pike in row 2. Give one person one name."),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (csv_file(("Pat",), headings=["Name"]), "There is no column “E-mail address”."),
        (csv_file(PAT, headings=["Shoe size", *HEADINGS[1:]]), "“Shoe size” is no column of an import."),
        (csv_file(PAT, headings=["E-mail", *HEADINGS[1:]]), "There are two columns “E-mail address”."),
        (csv_file(), "There is no row below the headings."),
    ],
)
def test_wrong_columns_are_named_on_the_page_and_nothing_is_kept(centre, coordinator, content, sentence):
    page = signed_in(coordinator).post(
        reverse("portfolio:imports", args=[centre.uuid]), {"file": SimpleUploadedFile("people.csv", content)}
    )
    assert sentence in text_of(page)
    assert not Import.objects.exists()


def test_a_second_file_of_one_person_is_refused_at_once_while_the_first_is_read(centre, coordinator):
    page, sent = reverse("portfolio:imports", args=[centre.uuid]), SimpleUploadedFile("people.csv", csv_file(PAT))
    with turn(str(coordinator.pk)):
        answer = signed_in(coordinator).post(page, {"file": sent})
        lists = signed_in(coordinator).get(reverse("centres:people", args=[centre.uuid]), {"as": "xlsx"})
    assert "Choose this file again in a minute." in text_of(answer)
    assert not Import.objects.exists()
    assert lists.status_code == 429


def test_columns_stand_in_any_order_and_case(centre, coordinator):
    content = csv_file(("pat@new.example", "Pat"), headings=["E-MAIL  address", "name"])
    row = checked(centre, coordinator, content)
    assert row.faults == 0
    assert row.sentence == "It adds 1 person and makes 0 registrations."


def test_the_template_can_be_imported_once_rows_stand_below_its_example(centre, coordinator):
    address = reverse("portfolio:import_template", args=[centre.uuid])
    for kind in ("csv", "xlsx"):
        content = signed_in(coordinator).get(address, {"as": kind}).content
        with pytest.raises(ValidationError, match="no row below the headings"):
            checked(centre, coordinator, content)
    content = signed_in(coordinator).get(address).content
    assert checked(centre, coordinator, content + b"Pat Pike,pat@new.example,,,Q2,O1\n").faults == 0


def test_a_file_tells_nothing_of_people_of_another_centre(centre, coordinator, outsider):
    row = checked(centre, coordinator, csv_file(("Olga Oak", outsider.email)))
    assert states(row)[2] == ("waiting", "Joins as candidate.")
    lead = (*PAT[:6], outsider.email, "")
    assert "is no assessor of the centre" in faults_of(checked(centre, coordinator, csv_file(lead)))[0][1]


def test_who_does_not_coordinate_checks_starts_and_stops_nothing(centre, coordinator, assessor):
    with pytest.raises(PermissionDenied):
        checked(centre, assessor, csv_file(PAT))
    row = checked(centre, coordinator, csv_file(PAT))
    for service in (import_start, import_stop):
        with pytest.raises(PermissionDenied):
            service(of=row, actor=assessor)


# --- Running ----------------------------------------------------------------------------------------


def test_people_are_added_registered_and_allocated_as_on_the_pages(centre, coordinator, assessor, verifier):
    row = imported(centre, coordinator, csv_file(PAT, KIM, STAFF))
    assert row.state == "done"
    assert {state for state, _ in states(row).values()} == {"done"}
    pat = Registration.objects.get(candidate__email="pat@new.example")
    assert (pat.candidate.name, pat.number, str(pat.qualification)) == ("Pat Pike", "C-1", "Q2 Service")
    assert sorted(pat.candidate_units.values_list("revision__unit__code", flat=True)) == ["M1", "M2", "O1"]
    assert people_on(unit_in(pat, "O1")) == {"assessor": assessor, "internal_verifier": verifier}
    kim = Registration.objects.get(candidate__email="kim@new.example")
    assert people_on(unit_in(kim, "M2")) == {"assessor": assessor}
    abe = User.objects.get(email="abe@new.example")
    assert {held.role for held in abe.memberships.all()} == {Role.ASSESSOR, Role.INTERNAL_VERIFIER}
    asked = Invitation.objects.values_list("email", "role")
    assert set(asked) == {
        ("pat@new.example", Role.CANDIDATE),
        ("kim@new.example", Role.CANDIDATE),
        ("abe@new.example", Role.ASSESSOR),
        ("abe@new.example", Role.INTERNAL_VERIFIER),
    }


def test_somebody_of_another_centre_is_asked_first_and_registered_once_they_have_accepted(
    centre, coordinator, outsider
):
    theirs = (outsider.name, outsider.email, *PAT[2:])
    row = imported(centre, coordinator, csv_file(theirs))
    assert states(row)[2] == ("done", f"Is asked to be candidate. {ONCE_ACCEPTED}")
    assert not outsider.memberships.filter(centre=centre).exists()
    before = everything()
    assert states(imported(centre, coordinator, csv_file(theirs)))[2][0] == "same"
    assert everything() == before
    invitation_accept(key=Invitation.objects.get().key, actor=outsider)
    imported(centre, coordinator, csv_file(theirs))
    assert Registration.objects.get().candidate == outsider


def test_who_becomes_staff_further_below_leads_in_the_rows_above(centre, coordinator):
    row = imported(centre, coordinator, csv_file((*PAT[:6], "abe@new.example", ""), STAFF))
    assert {state for state, _ in states(row).values()} == {"done"}
    pat = Registration.objects.get(candidate__email="pat@new.example")
    assert people_on(unit_in(pat, "M1"))["assessor"].email == "abe@new.example"


def test_the_same_file_twice_changes_nothing(centre, coordinator):
    imported(centre, coordinator, csv_file(PAT, KIM, STAFF))
    before = everything()
    again = imported(centre, coordinator, csv_file(PAT, KIM, STAFF))
    assert everything() == before
    assert {state for state, _ in states(again).values()} == {"same"}


def test_what_people_decided_since_stays_and_what_is_missing_is_added(centre, coordinator, verifier):
    imported(centre, coordinator, csv_file(PAT))
    pat = Registration.objects.get()
    unit_set_aside(unit=unit_in(pat, "O1"), actor=coordinator)
    row = imported(centre, coordinator, csv_file((*PAT[:4], "O1; O2", *PAT[5:])))
    assert states(row)[2][1] == "O2 added. Ann Assessor is assessor. Ivy Verifier is internal verifier."
    assert unit_in(pat, "O1").set_aside_at
    assert people_on(unit_in(pat, "O2"))["internal_verifier"] == verifier


def test_a_registration_that_has_ended_is_left_alone_and_the_preview_says_so(centre, coordinator, assessor):
    imported(centre, coordinator, csv_file(PAT[:4]))
    pat = Registration.objects.get()
    said = StandingSaid(state=RegistrationState.WITHDRAWN, day=centre.today, reason="Left.")
    standing_change(registration=pat, actor=coordinator, seen="active", said=said)
    before = everything()
    row = imported(centre, coordinator, csv_file(PAT))  # names who leads, and a further unit
    assert checked(centre, coordinator, csv_file(PAT)).rows.get().sentence == LEFT_ALONE
    assert states(row)[2] == ("same", LEFT_ALONE)
    assert everything() == before
    registration_create(
        centre=centre, actor=coordinator, candidate=pat.candidate, number="", revisions=[],
        qualification=pat.qualification,
    )  # fmt: skip
    assert "only what is missing is added" in checked(centre, coordinator, csv_file(PAT)).rows.get().sentence
    assert "Ann Assessor is assessor." in states(imported(centre, coordinator, csv_file(PAT)))[2][1]


def test_a_row_that_is_refused_meanwhile_is_named_and_the_rest_goes_on(centre, coordinator, assessor):
    row = checked(centre, coordinator, csv_file(KIM, STAFF))
    import_start(of=row, actor=coordinator)
    role_end(membership=assessor.memberships.get(), actor=coordinator)
    work_off()
    assert states(row)[2][0] == "failed"
    assert not User.objects.filter(email="kim@new.example").exists()  # the whole row or nothing of it
    assert states(row)[3][0] == "done"
    page = signed_in(coordinator).get(reverse("portfolio:import", args=[centre.uuid, row.uuid]))
    assert "1 not done" in text_of(page)
    assert "ann@harbour.example is no assessor here." in text_of(page)


def test_an_import_that_is_cut_off_within_a_row_goes_on_there(centre, coordinator, monkeypatch):
    row = checked(centre, coordinator, csv_file(PAT, KIM, STAFF))
    import_start(of=row, actor=coordinator)
    done = row_do

    def dies_at_kim(one, **about):
        made = done(one, **about)
        if one.said["email"] == "kim@new.example":
            raise KeyboardInterrupt  # nothing that anybody catches
        return made

    monkeypatch.setattr(services, "row_do", dies_at_kim)
    work = work_take(WorkLane.SLOW)
    assert work
    with pytest.raises(KeyboardInterrupt):
        import_work(work)
    monkeypatch.setattr(services, "row_do", done)
    assert {one.number for one in ImportRow.objects.filter(state="done")} == {2, 4}
    import_work(work)
    assert {state for state, _ in states(row).values()} == {"done"}
    assert Registration.objects.count() == 2


def test_an_import_is_stopped_between_rows_and_the_same_file_does_the_rest(centre, coordinator, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 1)
    row = checked(centre, coordinator, csv_file(PAT, KIM))
    import_start(of=row, actor=coordinator)
    work = work_take(WorkLane.SLOW)
    assert work
    import_work(work)
    browser, address = signed_in(coordinator), reverse("portfolio:import", args=[centre.uuid, row.uuid])
    assert "1 of 2 rows are done." in text_of(browser.get(address))
    assert "Stopped after 1 of 2 rows. Cora Coordinator stopped it." in text_of(
        browser.post(address, {"stop": ""}, follow=True)
    )
    work_off()
    assert Registration.objects.count() == 1
    assert Invitation.objects.count() == 1  # who was added is told
    again = imported(centre, coordinator, csv_file(PAT, KIM))
    assert {number: state for number, (state, _) in states(again).items()} == {2: "same", 3: "done"}


def test_starting_twice_starts_once_and_a_centre_runs_one_at_a_time(centre, coordinator):
    row, other = (checked(centre, coordinator, csv_file(one)) for one in (PAT, KIM))
    for _ in range(2):
        import_start(of=row, actor=coordinator)
    with pytest.raises(ValidationError, match="Another import is running"):
        import_start(of=other, actor=coordinator)
    work_off()
    import_start(of=row, actor=coordinator)
    assert work_off() == 0


def test_it_stops_by_itself_once_its_coordinator_is_none_any_more(centre, coordinator):
    second = Membership.objects.get(user__email="cora@harbour.example").user
    imported(centre, coordinator, csv_file(("Cal", "cal@new.example", "coordinator"), headings=HEADINGS[:3]))
    cal = User.objects.get(email="cal@new.example")
    cal.set_password("who has come in")
    cal.save()
    imported(centre, coordinator, csv_file(PAT[:6]))
    row = checked(centre, second, csv_file(PAT))  # who leads is all that is missing
    import_start(of=row, actor=second)
    role_end(membership=second.memberships.get(), actor=cal)
    work_off()
    row.refresh_from_db()
    assert (row.state, row.sentence) == ("stopped", "Cora Coordinator does not coordinate the centre any more.")
    assert not Allocation.objects.exists()


def test_what_fails_for_no_reason_of_its_own_is_given_up_and_holds_up_no_other_import(centre, coordinator, monkeypatch):
    row = checked(centre, coordinator, csv_file(PAT))
    import_start(of=row, actor=coordinator)
    work = work_take(WorkLane.SLOW)
    assert work
    work.attempts = 3

    def fails(*_, **__):
        raise RuntimeError("A mistake of ours.")

    monkeypatch.setattr(services, "row_do", fails)
    with pytest.raises(RuntimeError):
        import_work(work)
    row.refresh_from_db()
    assert row.state == "stopped"


def test_rows_are_forgotten_a_month_after_the_end(centre, coordinator, monkeypatch):
    imported(centre, coordinator, csv_file(PAT))
    checked(centre, coordinator, csv_file(KIM))
    assert services.sweep_imports() == 0
    monkeypatch.setattr(services, "KEPT_FOR", services.KEPT_FOR * 0)
    assert services.sweep_imports() == 2
    assert not ImportRow.objects.exists()
    assert Registration.objects.count() == 1


def test_where_no_mail_server_is_set_up_the_page_says_where_the_links_are(centre, coordinator, settings):
    row = imported(centre, coordinator, csv_file(PAT))
    settings.EMAIL_BACKEND = KEPT_IN_FILES
    page = signed_in(coordinator).get(reverse("portfolio:import", args=[centre.uuid, row.uuid]))
    assert "No mail server is set up, so nobody was sent a link." in text_of(page)


# --- Pages ------------------------------------------------------------------------------------------


def test_the_page_leads_from_the_file_to_the_end_without_a_script(centre, coordinator):
    browser = signed_in(coordinator)
    sent = {"file": SimpleUploadedFile("people.xlsx", xlsx_file(PAT, KIM))}
    page = browser.post(reverse("portfolio:imports", args=[centre.uuid]), sent, follow=True)
    assert "Every cell of 2 rows is right. It adds 2 people and makes 2 registrations." in text_of(page)
    assert "Joins as candidate. Is registered on Q2 Service with O1." in text_of(page)
    address = page.redirect_chain[-1][0]
    assert "0 of 2 rows are done." in text_of(browser.post(address, {"start": ""}, follow=True))
    work_off()
    assert "Done. All 2 rows of the file were looked at." in text_of(browser.get(address))
    rows = browser.get(f"{address}rows/").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("2,Pat Pike,pat@new.example,")
    assert "people.xlsx" in text_of(browser.get(reverse("portfolio:imports", args=[centre.uuid])))


def test_an_import_of_another_centre_is_not_there(centre, coordinator, outsider):
    row = checked(centre, coordinator, csv_file(PAT))
    theirs = outsider.memberships.earliest("pk").centre
    for name in ("import", "import_rows"):
        assert signed_in(outsider).get(reverse(f"portfolio:{name}", args=[theirs.uuid, row.uuid])).status_code == 404


def test_a_lead_of_another_centre_is_not_named(centre, coordinator, outsider):
    """Whom the file only asks to come here: the page says no more than what was typed."""
    theirs = ("Typed Name", outsider.email, "assessor", "", "", "", "", "")
    led = ("Lee", "lee@new.example", "", "Q2", "", "", outsider.email, "")
    row = imported(centre, coordinator, csv_file(theirs, led))
    assert states(row)[3] == (
        "failed", f"{outsider.email} is no assessor here. Once they are one, choose this file again."
    )  # fmt: skip
    assert outsider.name not in " ".join(sentence for _, sentence in states(row).values())


def test_what_stands_twice_in_a_cell_counts_once(centre, coordinator):
    row = imported(centre, coordinator, csv_file(("Abe", "abe@new.example", "Assessor; assessor", "", "", "", "", "")))
    assert states(row)[2][0] == "done"


# --- What the awarding body asks ------------------------------------------------------------------------

ASKED = ("1000000019", "City & Guilds", "500/1", "02/03/2026", "2026-03-09", "31.12.2026", "Main site", "Spring", "")


def test_what_an_awarding_body_asks_is_kept_with_the_registration(centre, coordinator, assessor, verifier):
    row = imported(centre, coordinator, csv_file((*PAT, *ASKED)))
    assert states(row)[2][0] == "done", states(row)
    kept = RegistrationParticulars.objects.get()
    assert (kept.uln, kept.awarding_body, kept.number, kept.site) == ("1000000019", "City & Guilds", "C-1", "Main site")
    assert (kept.registered_on, kept.target_on) == (date(2026, 3, 2), date(2026, 12, 31))


def test_what_it_cannot_ask_is_named_at_its_cell(centre, coordinator, assessor, verifier):
    wrong = ("1000000018", "x" * 121, "", "02/03/2126", "2026-03-09", "01/03/2026", "", "", "")
    staff = (*STAFF, "", "", "", "", "", "", "Main site", "", "")
    row = checked(centre, coordinator, csv_file((*PAT, *wrong), staff))
    said = dict(faults_of(row))
    assert set(said) == {"I2", "J2", "L2", "N2", "O3"}
    assert "This is no ULN" in said["I2"]
    assert "The target date is before the start." in said["N2"]
    assert "belongs to a registration" in said["O3"]
