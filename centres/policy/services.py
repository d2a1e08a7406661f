"""Changes the policy of a centre, on record. What is there already, evidence above all, is never touched."""

from dataclasses import asdict

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, CentrePolicy, User
from centres.permissions import may_coordinate
from centres.policy.choices import FileGroup, PolicyChoices
from centres.policy.selectors import policy_of
from record.errors import ChangedMeanwhile
from record.services.chains import chains_lock, site_chain
from record.services.events import event_add

WORDS = ("candidate_word", "internal_verifier_word", "external_verifier_word")


@transaction.atomic
def policy_set(*, centre: Centre, actor: User, seen: int, choices: PolicyChoices) -> CentrePolicy:
    """Let this be the policy of a centre from now on, and return it. `seen` is the number of the one that was shown.

    The same choices again change nothing. Raises PermissionDenied unless `actor` coordinates the centre,
    ChangedMeanwhile if somebody else changed it since, ValidationError for what a policy cannot say.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    before = policy_of(centre)
    if choices == before.choices:
        return before
    if seen != before.number:
        raise ChangedMeanwhile("The policy was")
    _refuse_larger_than_the_site(choices)
    policy = _policy(centre, choices)
    policy.number, policy.author, policy.made_at = before.number + 1, actor, timezone.now()
    policy.full_clean()
    begins = () if before.pk else (before,)
    for row in begins:  # so that what the first choice changed can be told
        row.made_at = policy.made_at
        row.save()
    policy.save()
    words = {name: getattr(choices, name) for name in WORDS if getattr(choices, name) != getattr(centre, name)}
    for name, word in words.items():
        setattr(centre, name, word)
    if words:
        centre.save(update_fields=list(words))
    chains = chains_lock(site_chain(), centre.chain) if words else []
    for chain in chains:  # both tell of the centre
        event_add(chain=chain, kind="centre.words_chosen", actor=actor.uuid, at=policy.made_at, row=centre)
    event_add(chain=centre.chain, kind="policy.set", actor=actor.uuid, at=policy.made_at, row=policy, also=begins)
    return policy


def largest_file_of_the_site() -> int:
    """The largest file that the site takes, in whole megabytes."""
    return settings.MAX_UPLOAD_BYTES // (1024 * 1024)


def _refuse_larger_than_the_site(choices: PolicyChoices) -> None:
    most = largest_file_of_the_site()
    if choices.largest_file_mb is not None and choices.largest_file_mb > most:
        said = f"This site takes files of {most:,} MB at most. Give a smaller number, or leave it empty."
        raise ValidationError({"largest_file_mb": said})


def _policy(centre: Centre, choices: PolicyChoices) -> CentrePolicy:
    said = asdict(choices)
    taken = said.pop("file_groups")
    return CentrePolicy(centre=centre, **said, **{f"takes_{group.value}": group in taken for group in FileGroup})
