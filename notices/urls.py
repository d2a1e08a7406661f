"""Addresses of a person's notices, whatever their centre."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("seen/", views.put_away, name="put_away"),
    path("how/", views.choose, name="choose"),
    path("<uuid:notice>/", views.notice, name="notice"),
]
