"""What is new for a person on their home page, and which letters did not arrive on the coordinator's."""

from typing import Any

from django import template
from django.utils import timezone

from centres.models import Centre, User
from notices.models import Notice
from notices.selectors import SHOWN_AT_MOST, newest_of
from notices.services import undelivered
from notices.words import said_here
from portfolio.testimony.request_letters import requests_undelivered

register = template.Library()


@register.inclusion_tag("notices/_news.html")
def news(user: User) -> dict[str, Any]:
    """The newest notices that the person has not put away, and whether there are more. One query."""
    newest = newest_of(user.pk, timezone.now())
    return {"newest": newest[:SHOWN_AT_MOST], "are_more": len(newest) > SHOWN_AT_MOST}


@register.inclusion_tag("notices/_undelivered.html")
def letters_not_delivered(centre: Centre) -> dict[str, Any]:
    """What the centre's people and its witnesses did not get by e-mail, and why."""
    return {"letters": undelivered(centre), "to_witnesses": requests_undelivered(centre), "centre": centre}


@register.filter
def said(notice: Notice) -> str:
    """The sentence of a notice."""
    return said_here(notice)
