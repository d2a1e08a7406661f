"""Figures of a large centre are worked out at most four times an hour, and say when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from verification.models import KeptFigures
from verification.sampling import kept_figures
from verification.sampling.figures import figures_of
from verification.sampling.kept_figures import KEPT_FOR, figures_at

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_small_centre_is_worked_out_each_time(assessed_unit, centre):
    figures_at(centre, verifier=None)
    assert not KeptFigures.objects.exists()


def test_a_large_centre_has_its_figures_kept_for_a_while_by_verifier(assessed_unit, centre, verifier, monkeypatch):
    monkeypatch.setattr(kept_figures, "LARGE", 1)
    first = {who: figures_at(centre, verifier=who) for who in (verifier, None)}
    assert first[verifier][0].assessors
    KeptFigures.objects.filter(verifier=None).update(said={"assessors": []})
    again = {who: figures_at(centre, verifier=who) for who in (verifier, None)}
    assert again[verifier] == first[verifier]
    assert not again[None][0].assessors
    KeptFigures.objects.update(made_at=timezone.now() - KEPT_FOR - timedelta(seconds=1))
    for who in (verifier, None):
        assert figures_at(centre, verifier=who)[0] == figures_of(centre, verifier=who)
    assert KeptFigures.objects.count() == 2
