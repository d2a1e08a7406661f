"""What a witness speaks instead of writing: one recording for each request, kept until the page is sent."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from centres.models import CentrePolicy
from centres.policy.choices import FileGroup
from portfolio.files.file_types import FileType, group_of
from portfolio.files.limits import refuse_overfull, type_taken
from portfolio.files.services import STAGED_FOR, file_release, file_store
from portfolio.files.uploads import HashingUploadHandler, IncomingFile
from portfolio.models import StagedFile, TestimonyRequest
from portfolio.testimony.rules import Stands, stands

SPOKEN_AT_MOST = 30 * 1024 * 1024  # bytes: more than half an hour as browsers record it


class SpokenUploadHandler(HashingUploadHandler):
    """Receives the recording of a witness, who is not signed in; nothing beyond what one may have is kept."""

    at_once = 1
    largest = SPOKEN_AT_MOST

    def __init__(self, request: HttpRequest, *, takes: bool) -> None:
        super().__init__(request)
        self._takes = takes

    def is_taken(self) -> bool:
        """Whether files are kept at all, whoever sends them."""
        return self._takes


def takes_spoken(policy: CentrePolicy) -> bool:
    """Whether the centre takes recordings of sound."""
    return FileGroup.SOUND in policy.file_groups


def sound_taken(policy: CentrePolicy, incoming: IncomingFile) -> FileType:
    """Return what kind of sound has arrived. Raises ValidationError, with a sentence, if it is not taken."""
    if incoming.size > SPOKEN_AT_MOST:
        raise ValidationError(
            f"{incoming.name} was not kept: it has {filesizeformat(incoming.size)}, and a recording may have "
            f"{filesizeformat(SPOKEN_AT_MOST)} at most. Record less, and write the rest."
        )
    file_type = type_taken(policy, incoming, candidate=None)  # it is the witness who is heard
    if group_of(file_type.content_type) != FileGroup.SOUND:
        raise ValidationError(f"{incoming.name} was not kept: it is {file_type.label}, and no recording of sound.")
    return file_type


def spoken_for(request: TestimonyRequest) -> StagedFile | None:
    """Return the recording that has arrived for a request, if one is kept."""
    since = timezone.now() - STAGED_FOR
    return StagedFile.objects.select_related("stored_file").filter(request=request, staged_at__gt=since).first()


@transaction.atomic
def spoken_stage(*, request: TestimonyRequest, policy: CentrePolicy, incoming: IncomingFile) -> StagedFile | None:
    """Keep a recording in the place of one that was there, for a day, until the page is sent whole.

    Returns None for a request that is not open any more. Raises ValidationError, with a sentence, if it is not taken.
    """
    request = TestimonyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if stands(request) != Stands.OPEN:
        return None
    file_type = sound_taken(policy, incoming)
    registration = request.witness.registration
    try:
        refuse_overfull(
            policy,
            registration=registration,
            user=registration.candidate,
            name=str(incoming.name),
            size=incoming.size,
            digests=[incoming.sha256],
        )
    except ValidationError as full:
        raise ValidationError("There is no room for a recording here. Write what you saw.") from full
    spoken_drop(request=request)
    return StagedFile.objects.create(
        request=request,
        registration=registration,
        stored_file=file_store(centre=registration.centre, incoming=incoming),
        name=str(incoming.name),
        content_type=file_type.content_type,
        staged_at=timezone.now(),
    )


@transaction.atomic
def spoken_drop(*, request: TestimonyRequest) -> None:
    """Forget the recording that has arrived for a request, if one has."""
    for staged in StagedFile.objects.select_related("stored_file").filter(request=request):
        staged.delete()
        file_release(stored_file=staged.stored_file)
