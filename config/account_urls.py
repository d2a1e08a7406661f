"""Signing in and passwords: the pages of django-allauth that we want, under the names by which it knows them.

Nobody signs up, adds an address or connects another account here: coordinators add people.
"""

from allauth.account import views
from django.urls import path, re_path

from centres.corrections import views as corrections
from centres.sign_in.views import account

urlpatterns = [
    path("", account, name="account"),
    path("change/", corrections.change, name="account_change"),
    path(
        "confirm/<str:key>/", corrections.confirm, name="correction_confirm"
    ),  # `key` is never logged (config/logs.py)
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
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
]
