"""Which files a centre takes, how large, and how much room is left: each is one function, which everybody asks.

Pages, forms, the tus view and services read the policy of the centre once (`policy_of`) and hand it in.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Sum
from django.template.defaultfilters import filesizeformat

from centres.guardians.services import consent_is_wanting
from centres.models import CentrePolicy, User
from centres.policy.choices import FileGroup
from centres.policy.selectors import groups_in_words, policy_of
from portfolio.files.file_types import FileType, detect, group_of
from portfolio.files.uploads import IncomingFile, Problem, refusal, too_large
from portfolio.models import ArrivingFile, EvidenceFile, Registration, StagedFile, StoredFile

MB = 1024 * 1024
OF_A_PERSON = frozenset({FileGroup.PICTURES, FileGroup.SOUND, FileGroup.FILMS})


def largest_file(policy: CentrePolicy) -> int:
    """How large a file may be at this centre, in bytes."""
    site = int(settings.MAX_UPLOAD_BYTES)
    return site if policy.largest_file_mb is None else min(site, policy.largest_file_mb * MB)


def refuse_size(policy: CentrePolicy, name: str, size: int) -> None:
    """Raise ValidationError, with a sentence, for a file of so many bytes that is too large for the centre."""
    if size > (limit := largest_file(policy)):
        raise ValidationError(too_large(name, size, limit), code="too_large")


def waits_for_consent(policy: CentrePolicy, candidate: User) -> str:
    """Say why nothing that shows or plays this candidate is taken at the centre; "" if it is."""
    if not consent_is_wanting(candidate, policy.centre):
        return ""
    return (
        f"{candidate} is under 18, and no guardian's consent is on record: pictures, sound and film are not taken. "
        "Documents and writing are. Ask your coordinator."
    )


def refuse_without_consent(registration: Registration, files: Iterable[StagedFile | EvidenceFile]) -> None:
    """Raise ValidationError if any of these shows or plays the candidate, and a guardian's consent is wanting.

    They may have arrived before it was.
    """
    shows = any(group_of(file.content_type) in OF_A_PERSON for file in files)
    if shows and (why := waits_for_consent(policy_of(registration.centre), registration.candidate)):
        raise ValidationError(why, code="consent")


def refuse_type(policy: CentrePolicy, name: str, file_type: FileType, *, candidate: User | None) -> None:
    """Raise ValidationError, with a sentence, for a type of file that the centre does not take.

    `candidate`: in whose portfolio it shows or plays what they do; None for the voice of a witness.
    """
    group = group_of(file_type.content_type)
    if candidate and group in OF_A_PERSON and (why := waits_for_consent(policy, candidate)):
        raise ValidationError(f"{name} was not kept. {why}", code="consent")
    if group not in policy.file_groups:
        raise ValidationError(
            f"{name} was not kept: it is {file_type.label}, and your centre takes no {groups_in_words([group])}, only "
            f"{groups_in_words(policy.file_groups)}. Choose another file, or ask your coordinator.",
            code="type",
        )


def type_taken(policy: CentrePolicy, incoming: IncomingFile, *, candidate: User | None) -> FileType:
    """Return what a file is that has arrived. Raises ValidationError, with a sentence, unless the centre takes it.

    `candidate`: as `refuse_type` has it.
    """
    name = str(incoming.name)
    if incoming.problem in {None, Problem.TOO_LARGE}:  # the centre may take less than the site
        refuse_size(policy, name, incoming.size)
    if (why := refusal(incoming)) is not None:
        raise ValidationError(why, code="not_received")
    file_type = incoming.file_type or detect(incoming.path, name)
    refuse_type(policy, name, file_type, candidate=candidate)
    return file_type


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much of a quota is used, in bytes. `arriving`: by files that are still on their way."""

    whose: str  # begins the sentence that says it
    quota: int
    stored: int
    arriving: int

    @property
    def left(self) -> int:
        """How much may still come."""
        return max(0, self.quota - self.stored - self.arriving)


def rooms(policy: CentrePolicy, *, registration: Registration, user: User, besides: Collection[str] = ()) -> list[Room]:
    """Return the quotas that hold for what the person adds here, the tightest first; none where the policy sets none.

    Counted are the files of all versions of evidence (a person's are those that they sent), those that wait for their
    form, and those that are arriving at their announced size; the same bytes once. Bytes with the digests `besides` are
    about to come, and are not counted.
    """
    centre = policy.centre
    asked = [
        (
            "Your files at this centre",
            policy.person_quota_mb,
            Q(version__evidence__registration__centre=centre)
            & (Q(version__put_in_by=user) | Q(version__put_in_by=None, version__author=user)),
            Q(user=user, registration__centre=centre),
        ),
        (
            "The files of this portfolio",
            policy.portfolio_quota_mb,
            Q(version__evidence__registration=registration),
            Q(registration=registration),
        ),
    ]
    found = []
    for whose, quota, of_evidence, of_others in asked:
        if quota is None:
            continue
        used = Q(pk__in=EvidenceFile.objects.filter(of_evidence).values("stored_file_id"))
        waits = Q(pk__in=StagedFile.objects.filter(of_others).values("stored_file_id"))
        stored = StoredFile.objects.filter(used | waits).exclude(sha256__in=besides)
        arriving = ArrivingFile.objects.filter(of_others, staged=None)
        found.append(Room(whose=whose, quota=quota * MB, stored=_bytes(stored), arriving=_bytes(arriving)))
    return sorted(found, key=lambda room: room.left)


def _bytes(files: QuerySet[StoredFile] | QuerySet[ArrivingFile]) -> int:
    return files.aggregate(bytes=Sum("size"))["bytes"] or 0


def refuse_overfull(
    policy: CentrePolicy,
    *,
    registration: Registration,
    user: User,
    name: str,
    size: int,
    digests: Collection[str] = (),
) -> None:
    """Raise ValidationError, with a sentence, for a file for which the person or the portfolio has no room left.

    Call it in the transaction that adds the file: the portfolio and the person stay locked until it ends, so that two
    files that come at once do not both take the last room. `digests` are those of its bytes, where they are known:
    what is here already takes no further room.
    """
    if policy.portfolio_quota_mb is not None:  # the portfolio first, as services that hold it already lock it
        Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    if policy.person_quota_mb is not None:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for room in rooms(policy, registration=registration, user=user, besides=digests):
        if size > room.left:
            used = filesizeformat(room.stored + room.arriving)
            on_the_way = ", with what is still arriving," if room.arriving else ""
            raise ValidationError(
                f"{name} was not kept: it has {filesizeformat(size)}. {room.whose}{on_the_way} take {used} of "
                f"{filesizeformat(room.quota)} already. Make it smaller, remove what is not needed, record it as held "
                "elsewhere, or ask your coordinator for more room.",
                code="full",
            )


def in_words(policy: CentrePolicy, *, registration: Registration, user: User) -> str:
    """Return what a person is told before they choose files: which, how large, and how much room is left."""
    taken = groups_in_words(policy.file_groups)
    said = f"{taken[:1].upper()}{taken[1:]}: each of {filesizeformat(largest_file(policy))} at most."
    for room in rooms(policy, registration=registration, user=user)[:1]:
        said += f" There is room for {filesizeformat(room.left)} more, of {filesizeformat(room.quota)}."
    return said
