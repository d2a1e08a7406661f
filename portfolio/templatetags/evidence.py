"""What templates write of evidence. Built in (config/settings.py), so that no template can do without it."""

from django import template

from portfolio.models.evidence_number import evidence_number

register = template.Library()
register.filter(evidence_number)
