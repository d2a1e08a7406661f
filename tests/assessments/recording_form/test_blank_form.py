"""The blank form: by command, and from the page of a unit."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.assessments.pages import html_of, signed_in
from tests.printing.printed import words_of, words_of_pdf

pytestmark = pytest.mark.django_db


@pytest.mark.sqlite
def test_a_command_prints_it(b10, tmp_path, capsys):
    path = tmp_path / "b10.pdf"
    call_command("print_blank", "nvq:B10", output=str(path))
    said = words_of_pdf(path.read_bytes())
    assert "Candidate Recording Form Unit B10 Organise the delivery of reliable customer service" in said
    assert "DRAFT" not in said
    assert "B10.1.1 B10.1.2 B10.1.3" in said


@pytest.mark.parametrize("address", ["nvq:B99", "B10", "", "nvq:b10"])
def test_a_unit_that_is_not_there_is_named(b10, address):
    with pytest.raises(CommandError, match=f"There is no unit {address}"):
        call_command("print_blank", address)


def test_a_file_that_cannot_be_written_is_named(b10, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("print_blank", "nvq:B10", output=str(tmp_path / "no" / "folder.pdf"))


def test_the_page_of_a_unit_offers_it(b10, candidate):
    client = signed_in(candidate)
    here = {"framework": "nvq", "code": "B10", "number": b10.number}
    address = reverse("blank_form", kwargs=here)
    assert address in html_of(client.get(reverse("standards:revision", kwargs=here)))
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert "blank" in response["Content-Disposition"]
    assert "Notes/Comments" in words_of(response)
    assert client.get(reverse("blank_form", kwargs=here | {"number": 99})).status_code == 404
