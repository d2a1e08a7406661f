"""Addresses about a centre and its people."""

from django.urls import path

from centres.policy import views as policy
from centres.views import centre, people

app_name = "centres"
urlpatterns = [
    path("centre/", centre.centre, name="centre"),
    path("centre/policy/", policy.policy, name="policy"),
    path("people/", people.people, name="people"),
    path("people/new/", people.add, name="person_add"),
    path("people/<uuid:membership>/invite/", people.invite, name="invite"),
    path("people/<uuid:membership>/award/", people.award, name="award"),
    path("people/<uuid:membership>/end/", people.end, name="role_end"),
]
