"""Finds the standards that the stories name."""

from standards.models import Qualification, UnitRevision
from standards.selectors import latest_qualifications, latest_revision, unit_by_address


def revision_of(address: str) -> UnitRevision:
    """Return the latest revision of the unit with this address, such as `nvq:B10`."""
    revision = latest_revision(unit_by_address(address))
    assert revision is not None  # noqa: S101 - a unit comes with its first revision
    return revision


def qualification_of(address: str) -> Qualification:
    """Return the latest rule of the qualification with this address, such as `cvq:CCMASA2001`."""
    framework, _, code = address.partition(":")
    return latest_qualifications().select_related("framework").get(framework__code=framework, code=code)
