"""What a service says when it will not do a thing, beyond Django's own errors.

PermissionDenied means "not you", ValidationError "not so", with a sentence for the person.
"""

from django.core.exceptions import ValidationError


class ChangedMeanwhile(ValidationError):
    """Somebody changed the thing between the page being shown and the form being sent."""


class InvalidTransition(ValidationError):
    """The unit is not in a state from which this can be done."""
