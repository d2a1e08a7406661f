"""The errors by which services refuse, besides Django's own.

PermissionDenied means "not you", ValidationError "not so", with a sentence for the person.
"""

from django.core.exceptions import ValidationError


class ChangedMeanwhile(ValidationError):
    """Somebody changed the thing after the page was shown and before its form was sent."""

    def __init__(self, what: str, now: str = "") -> None:
        """`what` begins the sentence and names the thing; `now` says how it is now, without a full stop."""
        stands = f" {now[:1].upper()}{now[1:]}." if now else ""
        super().__init__(
            f"{what} changed since you opened the page.{stands} Nothing was overwritten: look at it again, then decide."
        )


class InvalidTransition(ValidationError):
    """The unit is not in a state from which this can be done."""
