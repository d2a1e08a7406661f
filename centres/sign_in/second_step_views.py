"""The pages on which people set up their second step and use it, and on which a coordinator takes one away."""

from typing import Any
from uuid import UUID

from allauth.account.utils import passthrough_next_redirect_url
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from centres.context import shell_of
from centres.corrections.services import is_only_of
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Membership
from centres.sign_in.log import sign_in_noted
from centres.sign_in.middleware import page_before
from centres.sign_in.models import SignInWhat
from centres.sign_in.second_step import asking_for_second_step, second_step_reset, second_steps, steps_of
from centres.sign_in.second_step_forms import ResetForm
from centres.views.lookup import coordinated_centre_or_404


@require_safe
def second_step(request: SignedInRequest) -> HttpResponse:
    """Show what the person has as a second step, or why they must set one up now."""
    asking = asking_for_second_step(shell_of(request).memberships)
    context = {"steps": steps_of(request.user), "asking": asking, "onward": page_before(request)}
    return render(request, "centres/sign_in/second_step.html", context)


class AppSetUpView(ActivateTOTPView):
    """Shows the QR code, and takes the first code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead who has an app already, perhaps by pressing twice, to what they have."""
        if steps_of(authenticated_user(request)).app:
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the key in fours, to be typed."""
        found = super().get_context_data(**kwargs)
        secret = found["form"].secret
        return found | {"key": [secret[at : at + 4] for at in range(0, len(secret), 4)]}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it. The same pressed twice at once is kept once."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            return redirect("mfa_index")


class PasskeyAddView(AddWebAuthnView):
    """Makes a passkey that can also stand in place of the password: it asks for the person's finger, face or PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the browser what it needs to make one."""
        found = super(AddWebAuthnView, self).get_context_data(**kwargs)
        return found | {"js_data": {"creation_options": auth.begin_registration(self.request.user, passwordless=True)}}


@method_decorator(login_not_required, name="dispatch")
class PasskeySignInView(LoginWebAuthnView):
    """Signs in with a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say so on the page of signing in, which still leads to where they wanted to go."""
        messages.error(self.request, "This passkey was not accepted. Try again, or sign in with your password.")
        return redirect(passthrough_next_redirect_url(self.request, reverse("account_login"), "next"))


class RecoveryCodesView(ViewRecoveryCodesView):
    """Shows the recovery codes, and leads on to where the person was."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where that is."""
        return super().get_context_data(**kwargs) | {"onward": page_before(self.request)}


app_set_up = AppSetUpView.as_view()
passkey_add = PasskeyAddView.as_view()
passkey_remove = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
passkey_sign_in = PasskeySignInView.as_view()
recovery_codes = RecoveryCodesView.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Take the second step of a person of the centre away, who has lost it."""
    at = coordinated_centre_or_404(request, centre)
    held = get_object_or_404(Membership.objects.current().select_related("user"), centre=at, uuid=membership)
    form = ResetForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            second_step_reset(centre=at, actor=request.user, person=held.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            sign_in_noted(request, held.user, SignInWhat.STEP_REMOVED)
            told = ", and was told so by e-mail" if held.user.email else ""
            messages.success(request, f"{held.user} signs in with the password alone now{told}.")
            return redirect("centres:people", centre=centre)
    context = {
        "centre": at,
        "person": held.user,
        "form": form,
        "has_one": second_steps(held.user).exists(),
        "is_only_here": is_only_of(held.user, at),
        "is_own": held.user == request.user,
    }
    return render(request, "centres/sign_in/second_step_reset.html", context)
