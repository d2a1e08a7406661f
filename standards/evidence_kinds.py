"""The words in which the rules of a unit are written: settings and kinds of evidence."""

from django.db import models


class Setting(models.TextChoices):
    """Where a piece of evidence comes from."""

    REAL_JOB = "real_job", "Real job, paid or voluntary"
    REALISTIC_ENVIRONMENT = "realistic_environment", "Realistic working environment"
    WORK_PLACEMENT = "work_placement", "Work placement"
    SIMULATION = "simulation", "Simulation"


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    OBSERVATION = "observation", "Observation"
    WITNESS_TESTIMONY = "witness_testimony", "Witness testimony"
    WORK_PRODUCT = "work_product", "Work product"
    PROFESSIONAL_DISCUSSION = "professional_discussion", "Professional discussion"
    PERSONAL_STATEMENT = "personal_statement", "Personal statement"
    QUESTIONING = "questioning", "Questioning record"
    CASE_HISTORY = "case_history", "Case history"
    PRIOR_LEARNING = "prior_learning", "Prior learning"
    PHOTO = "photo", "Photo"
    AUDIO = "audio", "Audio recording"
    VIDEO = "video", "Video recording"

    @property
    def is_performance_evidence(self) -> bool:
        """Whether this kind shows the work itself, as recordings do, and does not only tell of it.

        A unit may say otherwise: ask `UnitRules.performance_evidence`.
        """
        return self in {
            EvidenceKind.OBSERVATION,
            EvidenceKind.WORK_PRODUCT,
            EvidenceKind.PHOTO,
            EvidenceKind.AUDIO,
            EvidenceKind.VIDEO,
        }
