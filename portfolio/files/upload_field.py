"""The part of a form that takes files: those chosen now, and those kept when the form was refused."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from centres.models import CentrePolicy, User
from centres.policy.selectors import policy_of
from portfolio.files.file_types import endings_of
from portfolio.files.limits import OF_A_PERSON, in_words, largest_file, type_taken, waits_for_consent
from portfolio.files.services import file_stage, staged_for
from portfolio.files.uploads import IncomingFile
from portfolio.models import Registration, StagedFile


class FilesInput(forms.FileInput):
    """Lets a person choose several files at once."""

    allow_multiple_selected = True


class EvidenceFilesField(forms.Field):
    """Several files as evidence. Cleans to a list of `IncomingFile`, each with its `file_type`.

    The form sets `policy` (the centre says which files it takes) and `candidate`. One sentence for each file that is
    not taken; those that are fine keep their `file_type` all the same, so that `EvidenceFilesForm.stage_good_files`
    finds them.
    """

    widget = FilesInput
    policy: CentrePolicy
    candidate: User
    default_error_messages = {"required": "Choose at least one file."}

    def clean(self, value: Sequence[IncomingFile] | None) -> list[IncomingFile]:
        """Look at what is in each file. Raises ValidationError with one sentence for each that is not taken."""
        files = list(value or [])
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        sentences = []
        for incoming in files:
            try:
                incoming.file_type = type_taken(self.policy, incoming, candidate=self.candidate)
            except ValidationError as error:
                sentences.append(error)
        if sentences:
            raise ValidationError(sentences)
        return files

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether any file was chosen."""
        return bool(data)


class KeptFilesField(forms.ModelMultipleChoiceField):
    """The files that are kept for a person, to tick. Any other file is treated as gone."""

    def clean(self, value: Any) -> QuerySet[StagedFile]:
        """Return the files that were ticked. Raises ValidationError when one is not kept for the person."""
        try:
            return super().clean(value)
        except ValidationError as error:
            raise ValidationError(
                "A file that was kept for you is no longer there. Choose it again, please.", code="gone"
            ) from error

    def label_from_instance(self, obj: StagedFile) -> str:
        """Name the file and its size."""
        return f"{obj.name} ({filesizeformat(obj.stored_file.size)})"


class EvidenceFilesForm(forms.Form):
    """A form with the fields `chosen` and `kept`, so that nobody uploads 50 MB twice.

    After `is_valid`, whatever it said, call `stage_good_files`: what arrived whole is kept for a day. If the
    form is refused, by itself or by the service, the page offers those files again, ticked. Otherwise the service
    is given the `staged_files`.
    """

    chosen = EvidenceFilesField(
        required=False,
        label="Files",
    )
    kept = KeptFilesField(
        queryset=StagedFile.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Files that have arrived already",
        help_text="Tick those that belong to this evidence. The others are removed after a day.",
    )

    def __init__(self, *args: Any, registration: Registration, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration = registration
        self.user = user
        self._newly_staged: list[StagedFile] = []
        policy = policy_of(registration.centre)
        chosen = cast(EvidenceFilesField, self.fields["chosen"])
        chosen.policy, chosen.candidate = policy, registration.candidate
        wanting = waits_for_consent(policy, registration.candidate)
        chosen.help_text = wanting or in_words(policy, registration=registration, user=user)
        # Where there are scripts, files go by themselves from the moment they are chosen.
        chosen.widget.attrs |= {
            "accept": endings_of(policy.file_groups - OF_A_PERSON if wanting else policy.file_groups),
            "data-arriving": reverse("portfolio:arriving", args=[registration.centre.uuid, registration.uuid]),
            "data-person": str(user.uuid),
            "data-limit": largest_file(policy),
            "data-limit-in-words": filesizeformat(largest_file(policy)),
        }
        if wanting:
            # static/js/recording/ says it in place of its buttons; why is said above.
            chosen.widget.attrs["data-no-recording"] = "So nothing can be recorded here either."
        self._offer_kept()

    def stage_good_files(self) -> None:
        """Keep the chosen files that are fine; a bound form then shows them as ticked.

        A file that cannot be stored becomes an error of the form, like a file that is not taken.
        Raises PermissionDenied if the person may not add evidence to the portfolio.
        """
        self.is_valid()  # looks at the files
        sent = self.fields["chosen"].widget.value_from_datadict(self.data, self.files, self.add_prefix("chosen"))
        good = [file for file in sent or [] if file.problem is None and file.file_type is not None]
        for incoming in good:
            try:
                staged = file_stage(registration=self.registration, user=self.user, incoming=incoming)
            except ValidationError as error:
                self.add_error("chosen", error)
            else:
                self._newly_staged.append(staged)
        if self._newly_staged:
            name = self.add_prefix("kept")
            data = cast(QueryDict, self.data).copy()
            data.setlist(name, [*data.getlist(name), *(str(staged.uuid) for staged in self._newly_staged)])
            self.data = data
            self._offer_kept()

    def staged_files(self) -> list[StagedFile]:
        """Return the files of this piece, those kept earlier first. For a valid form, after `stage_good_files`."""
        files = [*self.cleaned_data["kept"], *self._newly_staged]
        return list({file.pk: file for file in files}.values())

    def _offer_kept(self) -> None:
        field = cast(KeptFilesField, self.fields["kept"])
        kept = staged_for(registration=self.registration, user=self.user)
        field.queryset = kept
        # If nothing is kept there is nothing to show, not even a heading.
        field.widget = forms.CheckboxSelectMultiple() if kept.exists() else forms.MultipleHiddenInput()
        field.widget.choices = field.choices
