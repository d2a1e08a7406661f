"""What the policy of a centre lets in: types, sizes, and the room that a person and a portfolio have."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from centres.policy.choices import FileGroup
from portfolio.files.arriving import arriving_begin, arriving_cancel
from portfolio.files.file_types import FILE_TYPES, endings_of, group_of
from portfolio.files.services import file_stage, text_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import ArrivingFile, EvidenceFile, Registration, StagedFile, StoredFile
from record.models import Chain
from tests.centres.policies import choose
from tests.portfolio.files.arrivals import file_of, files_below, picture
from tests.portfolio.files.test_arriving import begin, piece
from tests.portfolio.files.test_files import form_sent

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MB = 1024 * 1024
PAPERS = frozenset({FileGroup.DOCUMENTS, FileGroup.EMAILS})


def text(name="notes.txt", size=MB, letter=b"n"):
    """A file of this size."""
    return IncomingFile.from_content(name, letter * size)


def stage(registration, user, incoming):
    return file_stage(registration=registration, user=user, incoming=incoming)


def said(error):
    return " ".join(error.value.messages).replace("\xa0", " ")


def test_each_type_is_in_the_group_that_people_expect():
    groups: dict[FileGroup, list[str]] = {group: [] for group in FileGroup}
    for one in FILE_TYPES:
        groups[group_of(one.content_type)].append(one.extensions[0])
    assert {str(group): " ".join(endings) for group, endings in groups.items()} == {
        "documents": "pdf docx doc doc odt rtf txt",
        "pictures": "jpg png heic webp gif tiff",
        "sound": "mp3 wav m4a aac amr ogg flac webm",
        "films": "mp4 mov 3gp webm",
        "tables": "xlsx xls xls ods csv",
        "presentations": "pptx ppt odp",
        "emails": "eml",
    }
    assert endings_of({FileGroup.PRESENTATIONS, FileGroup.EMAILS}) == ".eml,.odp,.ppt,.pptx"


def test_a_type_that_the_centre_does_not_take_is_refused_by_its_name_before_a_byte_is_sent_and_by_its_content(
    client, registration, centre, coordinator, candidate, settings
):
    choose(centre, coordinator, file_groups=PAPERS)
    client.force_login(candidate)
    film = begin(client, registration, name="visit.mov", size=100)
    assert (film.status_code, film.content.decode()) == (
        422,
        "visit.mov was not kept: it is a MOV film, and your centre takes no films, only documents and e-mails. Choose "
        "another file, or ask your coordinator.",
    )
    hidden = picture()
    url = begin(client, registration, name="scan.pdf", size=len(hidden))["Location"]
    answer = piece(client, url, hidden, 0)
    assert (
        answer.status_code,
        "it is a JPEG picture, and your centre takes no pictures" in answer.content.decode(),
    ) == (
        422,
        True,
    )
    assert files_below(settings.INCOMING_DIR) == []

    form = form_sent(registration, candidate, IncomingFile.from_content("p.jpg", hidden), text())
    form.stage_good_files()
    assert [sentence[:42] for sentence in form.errors["chosen"]] == ["p.jpg was not kept: it is a JPEG picture, "]
    assert [staged.name for staged in StagedFile.objects.all()] == ["notes.txt"]
    with pytest.raises(ValidationError, match="takes no pictures"):
        stage(registration, candidate, IncomingFile.from_content("p.jpg", hidden))


def test_what_is_here_stays_and_what_is_written_in_the_page_is_always_taken(
    registration, centre, coordinator, candidate
):
    photo = file_of(registration, candidate, "p.jpg", picture(), "image/jpeg")
    choose(centre, coordinator, file_groups=frozenset({FileGroup.FILMS}), portfolio_quota_mb=1)
    text_stage(registration=registration, user=candidate, text="What I did. " * 100_000)
    assert StagedFile.objects.get().content_type == "text/plain"
    assert EvidenceFile.objects.get() == photo


def test_the_largest_file_is_the_centre_s_and_the_page_says_it_before_anything_is_sent(
    client, registration, centre, coordinator, candidate, settings
):
    choose(centre, coordinator, largest_file_mb=2, file_groups=PAPERS)
    client.force_login(candidate)
    page = client.get(reverse("portfolio:evidence_add", args=[centre.uuid, registration.uuid])).content.decode()
    assert f'data-limit="{2 * MB}"' in page
    assert "Documents and e-mails: each of 2.0\xa0MB at most." in page
    assert ".mp4" not in re.findall('accept="(.*?)"', page)[0].split(",")

    refused = begin(client, registration, name="long.txt", size=2 * MB + 1)
    assert (refused.status_code, "a file may have 2.0\xa0MB at most" in refused.content.decode()) == (413, True)
    assert begin(client, registration, name="short.txt", size=2 * MB).status_code == 201
    for size in (2 * MB + 1, 9 * MB):  # as large as the site takes, and larger
        form = form_sent(registration, candidate, text(size=size))
        assert "a file may have 2.0\xa0MB at most" in form.errors["chosen"][0]
    settings.MAX_UPLOAD_BYTES = MB  # what the site takes is less now
    assert "1.0\xa0MB at most" in begin(client, registration, name="short.txt", size=2 * MB).content.decode()


def test_a_full_portfolio_says_how_much_is_used_and_takes_no_more_before_a_byte_is_sent(
    client, registration, centre, coordinator, candidate
):
    choose(centre, coordinator, portfolio_quota_mb=3)
    stage(registration, candidate, text())
    stage(registration, candidate, text("again.txt"))  # the same bytes count once
    arriving_begin(registration=registration, user=candidate, name="b.txt", size=MB)
    client.force_login(candidate)

    refused = begin(client, registration, name="c.txt", size=MB + 1)
    assert (refused.status_code, refused.content.decode().replace("\xa0", " ")) == (
        507,
        "c.txt was not kept: it has 1.0 MB. The files of this portfolio, with what is still arriving, take 2.0 MB of "
        "3.0 MB already. Make it smaller, remove what is not needed, record it as held elsewhere, or ask your "
        "coordinator for more room.",
    )
    page = client.get(reverse("portfolio:evidence_add", args=[centre.uuid, registration.uuid])).content.decode()
    assert "There is room for 1.0\xa0MB more, of 3.0\xa0MB." in page
    with pytest.raises(ValidationError, match="was not kept: it has"):
        stage(registration, candidate, text("c.txt", MB + 1, b"c"))
    assert StoredFile.objects.count() == 1

    arriving_cancel(arriving=ArrivingFile.objects.get())
    assert begin(client, registration, name="c.txt", size=MB + 1).status_code == 201


def test_a_file_that_has_its_room_is_kept_when_it_is_whole(client, registration, centre, coordinator, candidate):
    choose(centre, coordinator, portfolio_quota_mb=1, person_quota_mb=1)
    client.force_login(candidate)
    url = begin(client, registration, name="full.txt", size=MB)["Location"]
    assert "Kept" in piece(client, url, b"f" * MB, 0)
    assert begin(client, registration, name="more.txt", size=1).status_code == 507


def test_a_person_s_room_is_their_own_in_all_their_portfolios_of_the_centre(
    registration, unit, centre, coordinator, candidate, assessor
):
    chain = Chain.objects.create()
    other = Registration.objects.create(centre=centre, candidate=candidate, registered_at=timezone.now(), chain=chain)
    choose(centre, coordinator, person_quota_mb=2)
    stage(registration, candidate, text())
    stage(other, candidate, text("b.txt", letter=b"b"))
    with pytest.raises(ValidationError) as full:
        stage(registration, candidate, text("c.txt", letter=b"c"))
    assert said(full).startswith(
        "c.txt was not kept: it has 1.0 MB. Your files at this centre take 2.0 MB of 2.0 MB already."
    )
    stage(registration, assessor, text("c.txt", letter=b"c"))
