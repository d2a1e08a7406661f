"""Rows of a unit achieved before, past the rules of the service, for tests that look at something else."""

import datetime
from typing import Any

from django.utils import timezone

from centres.models import User
from portfolio.models import AchievedBefore, AchievedBeforeCheck, Registration, UnitCertificate, UnitVersion
from standards.models import UnitRevision


def achieved_before(registration: Registration, actor: User, revision: UnitRevision, **changed: Any) -> AchievedBefore:
    """A unit that the candidate achieved before, by a certificate."""
    said: dict[str, Any] = {
        "where": "certificate",
        "day": datetime.date(2024, 5, 2),
        "shown_by": "The certificate.",
        "certificate_number": "UC 7",
        "recorded_by": actor,
        "recorded_at": timezone.now(),
    }
    return AchievedBefore.objects.create(registration=registration, revision=revision, **said | changed)


def checked(achieved: AchievedBefore, person: User) -> AchievedBeforeCheck:
    """The assessor's word that they checked it."""
    about: dict[str, Any] = {"capacity": "assessor", "checked_at": timezone.now()}
    return AchievedBeforeCheck.objects.create(achieved=achieved, person=person, **about)


def unit_certificate(version: UnitVersion, actor: User, **changed: Any) -> UnitCertificate:
    """A certificate that was claimed for a unit."""
    said: dict[str, Any] = {"number": "UC 8", "day": datetime.date(2026, 5, 2), "claimed_by": actor}
    return UnitCertificate.objects.create(unit_version=version, claimed_at=timezone.now(), **said | changed)
