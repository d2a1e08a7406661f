"""Figures of sampling in a large centre are worked out at most four times an hour; a page says when they were."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from django.utils import timezone

from assessments.models import UnitProgress
from centres.models import Centre, User
from verification.models import KeptFigures
from verification.sampling.figures import AssessorFigures, Figures, PlanFigures, figures_of

LARGE = 1000  # units of a centre, from which on its figures are kept: others take no longer than the page
KEPT_FOR = datetime.timedelta(minutes=15)


def figures_at(centre: Centre, *, verifier: User | None) -> tuple[Figures, datetime.datetime]:
    """Return the figures of the units that the person verifies, or with None of all; and when they were worked out."""
    now = timezone.now()
    kept = KeptFigures.objects.filter(centre=centre, verifier=verifier, made_at__gt=now - KEPT_FOR).first()
    if kept:
        return _said(kept.said), kept.made_at
    found = figures_of(centre, verifier=verifier)
    if UnitProgress.objects.filter(centre=centre)[:LARGE].count() == LARGE:
        KeptFigures.objects.filter(centre=centre, verifier=verifier).delete()
        kept = KeptFigures(centre=centre, verifier=verifier, made_at=now, said=asdict(found))
        KeptFigures.objects.bulk_create([kept], ignore_conflicts=True)  # somebody else may have asked just now
    return found, now


def _said(kept: Mapping[str, Iterable[dict[str, Any]]]) -> Figures:
    tables: dict[str, Any] = {
        table.name: tuple(
            (AssessorFigures if table.name == "assessors" else PlanFigures)(**row) for row in kept.get(table.name, ())
        )
        for table in fields(Figures)
    }
    return Figures(**tables)
