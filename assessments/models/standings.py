"""How claims stand and how far units have come. Derived rows: only `assessments.standing` writes them."""

from django.db import models
from django.db.models import UniqueConstraint

from assessments.models.judgements import Judgement
from assessments.models.status import Status
from centres.models import Centre, User
from portfolio.models import (
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceVersion,
    Registration,
    State,
)
from record.fields import one_of
from standards.models import Criterion


class Standing(models.Model):
    """How a claim stands, unless it is taken back: which version counts, what was last said of that, and the status.

    `assessments.standing.worked_out` derives these rows from others, and nothing else writes them.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.CASCADE, related_name="standings")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="standings")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(EvidenceVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The last judgement on that version, unless it was taken back.
    judgement = models.OneToOneField(
        Judgement, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    # Where that version was never judged: the last word on another one, for people to see.
    earlier = models.ForeignKey(
        Judgement, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    status = models.CharField(max_length=10, choices=Status)
    stamp = models.CharField(max_length=8)  # tells one state of the claim from every other; pages send it back

    class Meta:
        constraints = [
            one_of("status", [status for status in Status.values if status != Status.EMPTY], "standing_status_valid"),
            UniqueConstraint(fields=["candidate_unit", "evidence", "criterion"], name="one_standing_a_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.get_status_display()}"


class Turn(models.TextChoices):
    """Whose turn it is in a unit, as it is kept. Whether that person still has their role is asked on reading."""

    CANDIDATE = "candidate", "The candidate's"
    ASSESSOR = "assessor", "The assessor's"
    VERIFIER = "verifier", "The internal verifier's"
    NOBODY = "nobody", "Nobody's: none is allocated"
    KEPT_OUT = "kept_out", "A verifier's who cannot verify what they wrote"
    UNCONFIRMED = "unconfirmed", "Somebody's who confirms a signature"
    DONE = "done", "Nobody's: it is verified"
    ASIDE = "aside", "Nobody's: it is set aside"
    RESTS = "rests", "Nobody's: the registration is not active"


NOBODYS = (Turn.ASIDE, Turn.RESTS)  # lists of what waits, boards and figures leave these out


class UnitProgress(models.Model):
    """How far a unit of a portfolio has come, its state, and whose turn it is: all that lists and homes count.

    Derived, as `Standing` is. `rule` is the number of the rule that made this row and the unit's standings.
    """

    candidate_unit = models.OneToOneField(
        CandidateUnit, on_delete=models.CASCADE, primary_key=True, related_name="progress"
    )
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=20, choices=State)  # of the version that is worked on
    since = models.DateTimeField()  # when it came to stand so: begun, signed, brought back or confirmed
    turn = models.CharField(max_length=20, choices=Turn)
    # Who leads in assessing and in verifying it, by their allocations.
    assessor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    verifier = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    # The verifier who returned or reopened it last, until it is signed off again.
    sent_back_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    # Who gave the signature that somebody else must confirm.
    unconfirmed_of = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    total = models.PositiveSmallIntegerField()  # criteria that can be claimed
    met = models.PositiveSmallIntegerField()
    waiting = models.PositiveSmallIntegerField()
    partly = models.PositiveSmallIntegerField()
    not_yet = models.PositiveSmallIntegerField()
    missing = models.PositiveSmallIntegerField()  # nobody claims them, or only from evidence that does not count
    to_judge = models.PositiveIntegerField()  # claims, not criteria
    happened_at = models.DateTimeField()
    rule = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            one_of("state", State.values, "progress_state_valid"),
            one_of("turn", Turn.values, "progress_turn_valid"),
        ]
        indexes = [
            models.Index(fields=["centre", "state", "turn"], name="progress_by_state"),
            models.Index(fields=["centre", "turn", "happened_at"], name="progress_by_turn"),
            models.Index(fields=["centre", "since"], name="progress_by_since"),
            models.Index(fields=["assessor", "centre", "registration"], name="progress_of_assessor"),
            models.Index(fields=["verifier", "centre", "turn", "since"], name="progress_of_verifier"),
        ]

    def __str__(self) -> str:
        return f"{self.met} of {self.total} met in {self.candidate_unit}"
