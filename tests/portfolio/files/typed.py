"""What a person types about a piece of evidence, as a browser sends it."""

import re
import uuid
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from standards.models import UnitRevision
from standards.services.publishing import unit_publish
from tests.standards.shapes import EVERY_SHAPE


def another_unit() -> UnitRevision:
    """The published wording of a unit that is not in the cast's portfolio."""
    revision = unit_publish(content=EVERY_SHAPE)
    assert revision is not None
    return revision


def evidence_form(**said: Any) -> dict[str, Any]:
    """The fields of the page that adds a piece; it is kept at the workplace, unless told otherwise."""
    return {
        "form_key": str(uuid.uuid4()),
        "title": "Complaints log of the counter, March",
        "kind": "work_product",
        "setting": "real_job",
        "happened_from": "2026-03-02",
        "happened_to": "",
        "location": "Filing cabinet 3",
        "relevance": "Shows how I dealt with complaints",
    } | said


def words(response: Any) -> str:
    """What a page says, without its tags."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text).strip()


def address(name: str, registration: Any, **kwargs: Any) -> str:
    """The address of a page in the centre of a portfolio."""
    return reverse(name, kwargs={"centre": registration.centre.uuid, **kwargs})


def queries_of(client: Client, url: str) -> int:
    """How many queries a page takes, session and person included, once the process has warmed up."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
