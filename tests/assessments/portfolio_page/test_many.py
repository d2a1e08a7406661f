"""A portfolio of three hundred evidence in twenty units: every page of it still comes, and asks no more than of two."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolio.registrations.services import registration_create
from standards.models import UnitRevision
from standards.services.publishing import unit_publish
from tests.assessments.grid.test_grid_page import many_pieces
from tests.assessments.pages import signed_in
from tests.cast import add_evidence, claim_in_bulk
from tests.standards.shapes import EVERY_SHAPE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.long]

MOST_BYTES = 600_000  # of a page, before it is compressed


def filled(centre, coordinator, candidate, units, pieces):
    """A portfolio of so many units and so many evidence, with every criterion claimed."""
    wanted = list(UnitRevision.objects.filter(unit__code__startswith="X").order_by("pk")[:units])
    registration = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number=f"C-{units}", revisions=wanted
    )
    [first, *others] = registration.candidate_units.order_by("pk")
    made = many_pieces(first, candidate, pieces)
    for unit in (first, *others):
        claim_in_bulk(unit, made)
    return registration


def asked(client, registration):
    """How many queries each page of the portfolio takes, by its name."""
    unit, last = registration.candidate_units.latest("pk"), registration.evidence.latest("number")
    counts = {}
    for name, of in (
        ("assessments:portfolio", registration),
        ("assessments:unit", unit),
        ("assessments:grid", unit),
        ("assessments:shows", last),
        ("portfolio:evidence", last),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(reverse(name, args=[registration.centre.uuid, of.uuid]))
        assert response.status_code == 200
        assert len(response.content) < MOST_BYTES, name
        counts[name] = len(queries)
    return counts


def test_three_hundred_evidence_in_twenty_units(centre, coordinator, candidate):
    for place in range(20):
        unit_publish(content=replace(EVERY_SHAPE, code=f"X{place}", title=f"Unit {place}"))
    few = filled(centre, coordinator, candidate, 2, 30)
    client = signed_in(candidate)
    of_few = asked(client, few)
    many = filled(centre, coordinator, candidate, 20, 300)
    of_many = asked(client, many)
    assert {name: count for name, count in of_many.items() if count > of_few[name] + 2} == {}
    assert add_evidence(many, candidate).number == 301
