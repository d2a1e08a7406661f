"""The page of the sampling policy: what holds, and who changed what when."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre
from record.errors import ChangedMeanwhile
from verification.sampling.permissions import may_set_policy, readable_centre_or_404
from verification.sampling.policy import (
    SUGGESTED,
    policy_of,
    sampling_policy_changes,
    sampling_policy_in_words,
    sampling_policy_set,
)
from verification.sampling.policy_forms import SamplingPolicyForm


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show how the centre samples, and let it sample otherwise from now on. What was typed stands after a refusal.

    Who visits reads it.
    """
    at, _ = readable_centre_or_404(request, centre)
    if not may_set_policy(request.user, at):
        return _read(request, at)
    stands = policy_of(at)
    number = stands.number if stands else 0
    form = SamplingPolicyForm(
        form_data(request), shown=stands.choices if stands else SUGGESTED, seen=number, say=at.words.say
    )
    changed: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = sampling_policy_set(
                centre=at, actor=request.user, seen=form.cleaned_data["seen"], choices=form.choices
            )
        except ChangedMeanwhile as refused:
            now = policy_of(at)
            changed, number = refused.messages, now.number if now else 0
            form = SamplingPolicyForm(None, shown=form.choices, seen=number, say=at.words.say)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            is_new = saved.number != number
            said = (
                "Saved. Plans that are made from now on follow it."
                if is_new
                else "Nothing differs from what held before."
            )
            messages.success(request, said)
            return redirect("verification:sampling_policy", centre=centre)
    context = {
        "centre": at,
        "form": form,
        "stands": stands,
        "changed": changed,
        "changes": sampling_policy_changes(at),
    }
    return render(request, "verification/sampling/policy.html", context)


def _read(request: SignedInRequest, at: Centre) -> HttpResponse:
    """Show what holds to somebody who may not change it."""
    if request.method == "POST":
        raise PermissionDenied
    stands = policy_of(at)
    context = {
        "centre": at,
        "stands": stands,
        "parts": sampling_policy_in_words(stands) if stands else [],
        "changes": sampling_policy_changes(at),
    }
    return render(request, "verification/sampling/policy.html", context)
