"""The words of a centre in templates. Built in (config/settings.py), so that each page can write them."""

from django import template

from centres.words import Words

register = template.Library()


@register.filter
def role_word(role: str, called: Words) -> str:
    """Return what who holds a role, or acts as one, is called."""
    return called.of_role(role)


@register.filter
def say(sentence: str, called: Words) -> str:
    """Return a sentence of a template, which an include is given, in the words of the centre."""
    return called.say(sentence)
