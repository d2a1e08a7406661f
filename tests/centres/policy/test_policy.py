"""The coordinator chooses the policy of the centre, on record; whoever else changed it meanwhile is not overwritten."""

import json
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from centres.models import Centre, CentrePolicy, Role
from centres.policy.choices import FileGroup
from centres.policy.selectors import policy_changes, policy_of
from centres.policy.services import policy_set
from record.errors import ChangedMeanwhile
from record.models import Event, EventPayload
from tests.at_once import at_once
from tests.cast import join
from tests.centres.policies import choose

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NO_FILMS = frozenset(FileGroup) - {FileGroup.FILMS}
LETTERS = {
    "candidate_word": "candidate",
    "internal_verifier_word": "IV",
    "external_verifier_word": "EV",
    "file_groups": ["documents", "pictures"],
    "largest_file_mb": "50",
    "person_quota_mb": "",
    "portfolio_quota_mb": "1000",
    "evidence_age_months": "24",
}


@pytest.fixture
def page(client, centre, coordinator):
    """The policy's page, for the coordinator."""
    client.force_login(coordinator)
    return reverse("centres:policy", args=[centre.uuid])


def told(kind="policy.set"):
    return [json.loads(one.body) for one in EventPayload.objects.filter(event__kind=kind).order_by("pk")]


def test_a_centre_that_never_chose_takes_all_there_is_and_keeps_its_words(centre):
    Centre.objects.filter(pk=centre.pk).update(candidate_word="learner")
    policy = policy_of(Centre.objects.get(pk=centre.pk))
    assert (policy.number, policy.candidate_word, policy.file_groups) == (0, "learner", frozenset(FileGroup))
    assert {policy.largest_file_mb, policy.person_quota_mb, policy.evidence_age_months} == {None}
    assert not CentrePolicy.objects.exists()


def test_each_change_is_a_row_and_an_event_of_the_centre_and_tells_what_it_was(centre, coordinator):
    Centre.objects.filter(pk=centre.pk).update(candidate_word="learner")
    centre.refresh_from_db()
    choose(centre, coordinator, largest_file_mb=20)
    choose(centre, coordinator, file_groups=NO_FILMS, largest_file_mb=None)
    choose(centre, coordinator, largest_file_mb=None)  # as it is

    before, first, second = CentrePolicy.objects.all()
    assert told() == [
        {"format": 1, "policy": first.told(), "also": [{"policy": before.told()}]},
        {"format": 1, "policy": second.told()},
    ]
    assert {event.chain for event in Event.objects.filter(kind="policy.set")} == {centre.chain}
    assert [(change.by, change.parts) for change in policy_changes(centre)] == [
        (
            "Cora Coordinator",
            (
                (
                    "Files that are taken",
                    "documents, pictures, sound recordings, films, tables, presentations and e-mails",
                    "documents, pictures, sound recordings, tables, presentations and e-mails",
                ),
                ("Largest file, in MB", "20", "no limit"),
            ),
        ),
        ("Cora Coordinator", (("Largest file, in MB", "no limit", "20"),)),  # not the word, which was so before
    ]


def test_words_that_are_chosen_are_those_of_the_centre_s_pages_and_nothing_else_tells_of_them(centre, coordinator):
    choose(centre, coordinator, person_quota_mb=5)
    assert told("centre.words_chosen") == []
    choose(centre, coordinator, internal_verifier_word="IQA")
    assert Centre.objects.get(pk=centre.pk).words.iv == "IQA"
    assert len(told("centre.words_chosen")) == 2  # the site's chain and the centre's


def test_nobody_else_chooses(centre, coordinator, candidate, assessor, verifier, outsider):
    for person in (candidate, assessor, verifier, outsider):
        with pytest.raises(PermissionDenied):
            choose(centre, person, largest_file_mb=1)
    assert not CentrePolicy.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"file_groups": frozenset()}, "Tick at least one kind of file."),
        ({"largest_file_mb": 101}, "This site takes files of 100 MB at most."),
        ({"largest_file_mb": 0}, "whole numbers from 1 to"),
        ({"person_quota_mb": 10_000_001}, "whole numbers from 1 to"),
        ({"portfolio_quota_mb": -1}, "greater than or equal to 0"),
        ({"evidence_age_months": 1201}, "whole numbers from 1 to"),
        ({"candidate_word": "pupil"}, "'pupil' is not a valid choice"),
        ({"second_step_roles": "candidate"}, "policy_second_step_roles_valid"),
    ],
)
def test_the_service_refuses_what_a_policy_cannot_say(centre, coordinator, changed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        choose(centre, coordinator, **changed)
    assert not CentrePolicy.objects.exists()
    assert not Event.objects.filter(kind="policy.set").exists()


def test_the_page_shows_what_holds_and_saves_another(client, page, centre):
    shown = client.get(page).content.decode()
    assert "Who changed what" not in shown
    assert shown.count(" checked") == 3 + len(FileGroup)  # a word for each, and all files
    chosen = LETTERS | {"seen": "0", "second_step_roles": ["internal_verifier", "assessor"]}
    answer = client.post(page, chosen, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    said = " ".join(answer.content.decode().split())
    assert "Saved. It holds from now on" in said
    assert "documents and pictures <span" in said
    assert "assessor, internal verifier <span" in said
    policy = policy_of(centre)
    assert policy.file_groups == {FileGroup.DOCUMENTS, FileGroup.PICTURES}
    assert (policy.largest_file_mb, policy.person_quota_mb, policy.portfolio_quota_mb) == (50, None, 1000)
    again = client.post(page, chosen, follow=True)  # the button, pressed twice
    assert "Nothing differs from what held before." in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"largest_file_mb": "-5"}, "Give a number above 0, or leave it empty."),
        ({"largest_file_mb": "101"}, "This site takes files of 100 MB at most."),
        ({"person_quota_mb": "much"}, "Give a whole number, such as 2000, or leave it empty."),
        ({"portfolio_quota_mb": "9" * 5000}, "Give a whole number, such as 1000, or leave it empty."),
        ({"evidence_age_months": "99999"}, "This is more than anybody needs."),
        ({"file_groups": []}, "Tick at least one kind of file."),
        ({"file_groups": ["programs"]}, "Tick the kinds of file that stand here."),
        ({"candidate_word": "pupil"}, "Choose one of the words."),
        ({"second_step_roles": ["candidate"]}, "Tick the roles that stand here."),
        ({"seen": ""}, "This form did not come whole."),
    ],
)
def test_the_page_says_beside_the_field_what_is_wrong_and_keeps_the_rest(client, page, typed, sentence):
    said = client.post(page, LETTERS | {"seen": "0"} | typed).content.decode()
    assert sentence in said
    assert "What you typed is kept." in said
    assert not CentrePolicy.objects.exists()


def test_who_changed_it_meanwhile_is_not_overwritten_and_one_s_own_changes_are_kept(client, page, centre, coordinator):
    colleague = join(centre, coordinator, "Cy Coordinator", "cy@harbour.example", Role.COORDINATOR)
    choose(centre, colleague, candidate_word="learner", largest_file_mb=30)

    answer = client.post(page, LETTERS | {"seen": "0"})
    assert "The policy was changed since you opened the page." in answer.content.decode()
    shown = answer.context["form"].initial
    assert answer.content.decode().count(" checked") == 3 + len(LETTERS["file_groups"])
    assert (shown["candidate_word"], shown["largest_file_mb"], shown["evidence_age_months"]) == ("learner", 50, 24)
    assert policy_of(centre).largest_file_mb == 30

    client.post(page, LETTERS | {"seen": str(shown["seen"]), "candidate_word": "learner"})
    assert policy_of(centre).choices == replace(
        policy_of(centre).choices, candidate_word="learner", largest_file_mb=50, evidence_age_months=24
    )


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(centre, coordinator):
    now = policy_of(centre)

    def save(largest):
        return lambda: policy_set(
            centre=centre, actor=coordinator, seen=0, choices=replace(now.choices, largest_file_mb=largest)
        )

    results = at_once(save(10), save(20))
    assert [type(result) for result in results if isinstance(result, Exception)] == [ChangedMeanwhile]
    assert CentrePolicy.objects.filter(number=1).count() == 1
