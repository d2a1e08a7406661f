"""The blank forms of a centre, on the page from which they are printed."""

import pytest
from django.urls import reverse

from tests.assessments.pages import links_of, signed_in
from tests.printing.printed import words_of
from verification.paper.blanks import BLANKS

pytestmark = pytest.mark.django_db


def page(name, centre, *named):
    return reverse(f"verification:{name}", args=[centre.uuid, *named])


@pytest.mark.long
def test_the_blank_forms_of_a_centre_are_on_one_page(centre, candidate):
    client = signed_in(candidate)
    links = [url for url, _ in links_of(client.get(page("paper", centre)))]
    for name, blank in BLANKS.items():
        assert page("blank", centre, name) in links
        said = words_of(client.get(page("blank", centre, name)))
        assert "Centre Harbour College" in said
        assert blank.called in said
        assert "date" in said.split("Centre Harbour College")[1]  # where a hand signs
        assert "Pat Candidate" not in said
    assert client.get(page("blank", centre, "other")).status_code == 404
