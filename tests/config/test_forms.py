"""A form that is refused opens at the first thing that is wrong with it."""

import re

import pytest
from django import forms
from django.template import Context, Template

FOCUS = re.compile(r"<[^>]* autofocus[^>]*>")


class Sample(forms.Form):
    """A field of each kind of which one may be wrong."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField()
    words = forms.CharField(widget=forms.Textarea)
    some = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(required=False)

    def clean(self) -> None:
        if self.data.get("title") == "never":
            raise forms.ValidationError("Not now.")


RIGHT = {"key": "5a415156-63f2-40ad-bdda-0ab46d5c7e5c", "title": "x", "words": "x", "some": ["a"]}


def focused(data: dict | None) -> list[str]:
    """The elements that ask for the focus on a page with the form."""
    page = Template('{% load crispy_forms_tags %}{% include "_form_refused.html" %}{{ form|crispy }}')
    return FOCUS.findall(page.render(Context({"form": Sample(data)})))


@pytest.mark.parametrize("data", [None, RIGHT])
def test_nothing_asks_for_the_focus_while_nothing_is_wrong(data):
    assert focused(data) == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"title": "", "words": "", "some": []}, 'name="title"'),
        ({"words": "", "some": []}, 'name="words"'),
        ({"some": []}, 'id="id_some_error"'),
        ({"key": "x", "title": ""}, 'class="alert'),
        ({"title": "never", "words": ""}, 'class="alert'),
    ],
)
def test_the_first_thing_that_is_wrong_has_the_focus_alone(wrong, where):
    [element] = focused(RIGHT | wrong)
    assert where in element
