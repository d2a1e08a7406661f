"""What must be met. A published revision is never changed: a changed wording is a new one."""

from standards.models.criteria import Criterion, Element, full_code
from standards.models.prose import UnitProse
from standards.models.qualifications import Qualification, QualificationGroup, QualificationUnit
from standards.models.units import Framework, Unit, UnitRevision

__all__ = [
    "Criterion",
    "Element",
    "Framework",
    "Qualification",
    "QualificationGroup",
    "QualificationUnit",
    "Unit",
    "UnitProse",
    "UnitRevision",
    "full_code",
]
