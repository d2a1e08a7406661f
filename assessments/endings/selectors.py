"""The units of a registration that ended early for which unit certificates can be claimed."""

from dataclasses import dataclass
from datetime import datetime

from assessments.models import Signature, Stage
from portfolio.models import Registration, RegistrationState, State, UnitCertificate, UnitVersion
from portfolio.open_registrations import standing_of, state_of

ENDED_EARLY = (RegistrationState.WITHDRAWN, RegistrationState.TRANSFERRED)


@dataclass(frozen=True, kw_only=True)
class CertifiableUnit:
    """A verified unit: who signed it and when, and its certificate where one was claimed."""

    version: UnitVersion
    assessor: str
    assessed_at: datetime
    verifier: str
    verified_at: datetime
    certificate: UnitCertificate | None


def has_ended_early(registration: Registration) -> bool:
    """Whether the registration ended otherwise than completed, so that unit certificates are claimed; one query."""
    return state_of(standing_of(registration)) in ENDED_EARLY


def certifiable_units(registration: Registration) -> list[CertifiableUnit]:
    """Return the verified units of a portfolio by code; nothing signed in them waits for a confirmation. Three queries.

    What else a certificate needs, whether the registration ended early, the caller asks (`has_ended_early`).
    """
    verified = (
        UnitVersion.objects.worked_on()
        .filter(candidate_unit__registration=registration, state=State.VERIFIED)
        .filter(candidate_unit__progress__unconfirmed_of=None)
        .select_related("candidate_unit__revision__unit__framework")
        .order_by("candidate_unit__revision__unit__code", "pk")
    )
    versions = list(verified)
    signed: dict[tuple[int, str], Signature] = {}
    given = Signature.objects.filter(unit_version__in=versions, superseded_at__isnull=True)
    for signature in given.select_related("signer__user").order_by("pk"):
        signed[signature.unit_version_id, signature.stage] = signature
    certificates = {
        one.unit_version_id: one
        for one in UnitCertificate.objects.kept().filter(unit_version__in=versions).select_related("claimed_by")
    }
    found = []
    for version in versions:
        off, counter = (signed[version.pk, stage] for stage in (Stage.SIGN_OFF, Stage.COUNTERSIGNATURE))
        found.append(
            CertifiableUnit(
                version=version,
                assessor=off.signer.user.name,
                assessed_at=off.signed_at,
                verifier=counter.signer.user.name,
                verified_at=counter.signed_at,
                certificate=certificates.get(version.pk),
            )
        )
    return found
