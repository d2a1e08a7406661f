"""Whatever a person types, pastes or calls a file: the form takes it, and what is on record is what they see."""

import unicodedata
import uuid

import pytest
from django.test.client import MULTIPART_CONTENT
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from portfolio.models import EvidenceFile, EvidenceVersion
from record.plain_text import plain_line, plain_text
from tests.portfolio.files.arrivals import as_browsers_send
from tests.portfolio.files.typed import address, evidence_form, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LETTERS = st.characters(categories=["L", "N", "P", "S", "Mn", "Mc", "Zs"], exclude_characters="/\\%")
UNSEEN_LETTERS = "".join(map(chr, range(0x80, 0xA0)))  # read as the letters and marks of Windows-1252
# A browser sends no halves of characters.
UNSEEN = st.characters(categories=["Cc", "Cf", "Co", "Cn", "Zl", "Zp"], exclude_characters=UNSEEN_LETTERS)
PASTED = st.text(LETTERS | UNSEEN, max_size=60)

BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"


@pytest.fixture
def send(client, candidate, unit):
    """Send the form that adds a piece, as a browser does."""
    client.force_login(candidate)
    url = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)

    def sent(name: str, **said: str):
        fields = evidence_form(form_key=str(uuid.uuid4()), **said)
        body = as_browsers_send(fields, {"chosen": (name, b"I answered within three rings.")})
        return client.generic("POST", url, body, MULTIPART_CONTENT)

    return sent


def seen_in(text: str) -> str:
    """The letters, digits and marks of a text, without what has no shape."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(one for one in apart if one.isalnum() and one not in BLANK_LETTERS)


@pytest.mark.long
@settings(
    max_examples=60,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(title=PASTED, where=PASTED, why=PASTED, name=PASTED.filter(bool))
@example(title="I did:\n\uf0b7\tgreeted", where="Cabinet\x0b3", why="It\x92s mine\x00", name="complaints&notes.pdf")
@example(title="\u200b\ufeff", where="\u202e", why="\x07", name="\u200b")
@example(title="می\u200cخواهم", where="\U0001f469\u200d\U0001f373", why="ക്\u200dഷ", name="👩\u200d💼.png")
def test_nothing_unseen_refuses_the_form(send, title, where, why, name):
    response = send(name, title=f"Log {title}", location=where, relevance=why)
    if bool(plain_text(where)) != bool(plain_text(why)):
        assert "Say both where it is kept and why it matters." in words(response)
        return
    assert response.status_code == 302, words(response)
    version = EvidenceVersion.objects.latest("pk")
    for kept, typed in ((version.title, f"Log {title}"), (version.location, where), (version.relevance, why)):
        assert seen_in(kept) == seen_in(typed)
        assert kept == plain_text(kept)
    assert version.location == plain_line(version.location)
    file = version.files.get()
    assert file.name == plain_line(file.name)
    assert seen_in(file.name) in {seen_in(name), f"file{seen_in(name)}"}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("complaints&notes.pdf", "text/plain"), ("sales&region.csv", "text/csv"), ("terms&copy", "text/plain")],
)
def test_the_name_on_record_is_the_persons_and_the_type_is_the_contents(send, name, content_type):
    assert send(name).status_code == 302
    file = EvidenceFile.objects.get()
    assert (file.name, file.content_type) == (name, content_type)


def test_a_list_pasted_from_word_is_a_list_on_record(send):
    send("log.txt", title="I dealt with it:\r\n\uf0b7\tgreeted her\r\n\uf0b7\tsaid sorry")
    assert EvidenceVersion.objects.get().title == "I dealt with it:\n•\tgreeted her\n•\tsaid sorry"
