"""A file of evidence goes out as an attachment, to those who may see it and to nobody else."""

import logging

import pytest
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Membership
from portfolio.models import EvidenceFile
from portfolio.models.evidence import stored_path
from tests.portfolio.files.arrivals import body, file_of, pdf, picture, sent

PDF = pdf()


@pytest.fixture
def letter(unit, candidate) -> EvidenceFile:
    """A PDF in Pat's portfolio, which Ann and Ivy may see as well."""
    return file_of(unit.registration, candidate, "letter.pdf", PDF, "application/pdf")


def url(file: EvidenceFile, centre: Centre | None = None) -> str:
    centre = centre or file.version.evidence.registration.centre
    return reverse("portfolio:file_download", kwargs={"centre": centre.uuid, "file": file.uuid})


@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_those_who_may_see_the_portfolio_get_the_file_as_it_was_sent(client, letter, who, request):
    client.force_login(request.getfixturevalue(who))
    response = client.get(url(letter))
    assert response.status_code == 200
    assert body(response) == PDF
    assert response["Content-Length"] == str(len(PDF))


def test_it_is_never_shown_as_a_page_of_the_site(client, letter, candidate):
    client.force_login(candidate)
    response = client.get(url(letter))
    assert response["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "message/rfc822", "text/html\r\nX-Evil: 1"])
def test_what_a_browser_could_run_goes_out_as_plain_bytes(client, registration, candidate, content_type):
    client.force_login(candidate)
    response = client.get(url(file_of(registration, candidate, "page.html", b"<script>", content_type)))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("фото клиента.jpg", "attachment; filename*=utf-8''%D1%84%D0%BE%D1%82%D0%BE%20"),
        ('say "cheese".jpg', r'attachment; filename="say \"cheese\".jpg"'),
        ("a.jpg\r\nSet-Cookie: stolen=1", 'attachment; filename="a.jpg Set-Cookie: stolen=1.jpg"'),
        ("a.jpg; filename=evil.html", 'attachment; filename="a.jpg; filename=evil.jpg"'),
        ("../../evil.jpg", 'attachment; filename="evil.jpg"'),
    ],
)
def test_a_name_can_neither_break_the_header_nor_lose_its_script(client, registration, candidate, name, header):
    client.force_login(candidate)
    response = client.get(url(file_of(registration, candidate, name, picture(), "image/jpeg")))
    assert response["Content-Disposition"].startswith(header)
    assert "stolen" not in response.cookies


def test_another_candidate_and_another_centre_find_nothing(client, letter, outsider, centre, coordinator):
    client.force_login(outsider)
    theirs = Centre.objects.get(memberships__user=outsider, memberships__role="coordinator")
    assert client.get(url(letter)).status_code == 404
    assert client.get(url(letter, theirs)).status_code == 404
    client.force_login(coordinator)
    assert client.get(url(letter, theirs)).status_code == 404


def test_an_assessor_without_this_candidate_finds_nothing(client, letter, assessor, unit):
    unit.allocations.filter(user=assessor).update(ended_at=timezone.now())
    client.force_login(assessor)
    assert client.get(url(letter)).status_code == 404


@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_access_ends_with_the_role(client, letter, who, request):
    person = request.getfixturevalue(who)
    client.force_login(person)
    Membership.objects.filter(user=person).update(ended_at=timezone.now())
    assert client.get(url(letter)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, letter):
    response = client.get(url(letter))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_it_is_only_ever_read(client, letter, candidate):
    client.force_login(candidate)
    assert client.post(url(letter)).status_code == 405


@pytest.mark.parametrize("damage", ["gone", "cut", "changed"])
def test_lost_bytes_are_said_on_a_page_and_in_the_log(client, letter, candidate, damage, caplog):
    path = stored_path(letter.stored_file)
    match damage:
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(PDF[:100])
        case "changed":
            path.write_bytes(b"x" * len(PDF))
    client.force_login(candidate)
    with caplog.at_level(logging.ERROR, logger="countersign.files"):
        response = client.get(url(letter))
    assert response.status_code == 404
    assert "“letter.pdf” is in the record, but its content is not on the server" in response.content.decode()
    assert str(letter.uuid) in caplog.text
    assert "letter.pdf" not in caplog.text  # a name may say who the evidence is about


def test_files_sent_to_a_page_by_a_stranger_leave_no_bytes(client, letter, settings):
    client.post(url(letter), {"files": sent("big.mp4", b"x" * 200_000)})
    assert list(settings.INCOMING_DIR.glob("*")) == []
