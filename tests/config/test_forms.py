"""A form that is refused opens at the first thing that is wrong with it."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.urls import get_resolver

OURS = {"centres", "standards", "portfolio", "assessments", "verification", "notices", "config"}
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


SPEAK_LATER = {"centres.account_forms", "centres.sign_in.second_step_forms", "config.design"}


def forms_of_ours() -> list[type[forms.Form]]:
    """Every form that a page of the site shows, but those whose fields speak when they are made."""
    found, new = [], [forms.Form]
    while new:
        new = [kind for parent in new for kind in parent.__subclasses__()]
        found += [kind for kind in new if kind.__module__.split(".")[0] in OURS]
    return [kind for kind in found if kind.__module__ not in SPEAK_LATER]


def test_no_field_says_merely_that_it_is_required():
    """Each says what is wanted of it, in its own words."""
    assert get_resolver().url_patterns  # imports all views, and with them their forms
    found = forms_of_ours()
    assert len(found) > 10
    silent = [
        f"{kind.__name__}.{name}"
        for kind in found
        for name, field in kind.base_fields.items()
        if field.required and field.error_messages["required"] == forms.Field.default_error_messages["required"]
    ]
    assert silent == []


@pytest.mark.parametrize("path", ["login", "password/reset", "password/change"])
def test_nor_does_one_of_those_of_passwords(path, client, candidate):
    if path == "password/change":
        client.force_login(candidate)
    page = client.post(f"/accounts/{path}/", {}).content.decode()
    assert "<strong>Type " in page
    assert "This field is required." not in page
