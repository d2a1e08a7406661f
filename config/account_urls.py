"""Signing in: the pages of django-allauth that we want, under the names by which it knows them.

Nobody signs up, adds an address or connects another account here: coordinators add people.
"""

from allauth.account import views
from allauth.mfa.base.views import authenticate
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from django.urls import path, re_path

from centres.corrections import views as corrections
from centres.sign_in import second_step_views as second_step
from centres.sign_in.views import account

urlpatterns = [
    path("", account, name="account"),
    path("change/", corrections.change, name="account_change"),
    path(
        "confirm/<str:key>/", corrections.confirm, name="correction_confirm"
    ),  # `key` is never logged (config/logs.py)
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/", views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-step/", second_step.second_step, name="mfa_index"),
    path("second-step/code/", authenticate, name="mfa_authenticate"),
    path("second-step/app/", second_step.app_set_up, name="mfa_activate_totp"),
    path("second-step/app/remove/", deactivate_totp, name="mfa_deactivate_totp"),
    path("second-step/codes/", second_step.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-step/passkeys/new/", second_step.passkey_add, name="mfa_add_webauthn"),
    path("second-step/passkeys/<int:pk>/remove/", second_step.passkey_remove, name="mfa_remove_webauthn"),
    path("passkey/", second_step.passkey_sign_in, name="mfa_login_webauthn"),
]
