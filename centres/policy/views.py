"""The coordinator's page of the centre's policy: what holds, and who changed what when."""

from dataclasses import fields, replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre
from centres.policy.choices import PolicyChoices
from centres.policy.forms import PolicyForm
from centres.policy.selectors import choices_at, policy_changes, policy_of
from centres.policy.services import policy_set
from centres.views.lookup import coordinated_centre_or_404
from record.errors import ChangedMeanwhile


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show the policy, and let another hold from now on."""
    at = coordinated_centre_or_404(request, centre)
    stands = policy_of(at)
    form = PolicyForm(form_data(request), policy=stands)
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            saved = policy_set(centre=at, actor=request.user, seen=seen, choices=form.choices)
        except ChangedMeanwhile as changed:
            refusal, form = changed, _over_what_stands(at, seen=seen, typed=form.choices)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            if saved.number == stands.number:
                messages.info(request, "Nothing differs from what held before.")
            else:
                messages.success(request, "Saved. It holds from now on; what is here already stays as it is.")
            return redirect("centres:policy", centre=centre)
    context = {"centre": at, "form": form, "refusal": refusal, "changes": policy_changes(at)}
    return render(request, "centres/policy/policy.html", context)


def _over_what_stands(centre: Centre, *, seen: int, typed: PolicyChoices) -> PolicyForm:
    """Return the form with what somebody else chose meanwhile, and over it only the parts that this person changed."""
    stands = policy_of(centre)
    shown = choices_at(centre, seen) or stands.choices
    own = {
        field.name: getattr(typed, field.name)
        for field in fields(PolicyChoices)
        if getattr(typed, field.name) != getattr(shown, field.name)
    }
    return PolicyForm(None, policy=stands, choices=replace(stands.choices, **own))
