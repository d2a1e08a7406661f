"""What the tests of assessing's pages share: addresses, and what a person sees on a page."""

import re
from html import unescape

from django.template import engines
from django.test import Client
from django.urls import reverse

from centres.models import User
from portfolio.addresses import claims_address
from portfolio.models import CandidateUnit


def address(name: str, unit: CandidateUnit, **more) -> str:
    """The address of one of a unit's pages; that of what a piece claims is the page of all units, with this first."""
    if name == "claims":
        return claims_address(unit.registration.centre.uuid, more["evidence"], unit.uuid)
    named = {"centre": unit.registration.centre.uuid, "unit": unit.uuid, **more}
    return reverse(f"assessments:{name}", kwargs=named)


def signed_in(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def html_of(response) -> str:
    """The page, with its characters as people read them."""
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def text_of(response) -> str:
    """The words of the page alone."""
    return _words(html_of(response))


def links_of(response) -> list[tuple[str, str]]:
    """Where each link of the page leads, and its words."""
    links = re.findall(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', html_of(response), re.DOTALL)
    return [(url, _words(inside)) for url, inside in links]


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def drawn(source: str, **context) -> str:
    """What a template of these words says, with the tags for pictures."""
    return engines["django"].from_string("{% load pictures %}" + source).render(context)


def units_actions(response) -> set[str]:
    """What the head of a unit's page offers to do, by the name of the step."""
    head = html_of(response).partition("</header>\n\n")[0].rpartition('<header class="page-head">')[2]
    return set(re.findall(r'/units/[^/"]+/([a-z.]+)/?"', head))
