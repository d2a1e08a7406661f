"""Addresses about a centre and its people."""

from django.urls import path

from centres.candidate_numbers import views as candidate_numbers
from centres.corrections import views as corrections
from centres.guardians import views as guardians
from centres.invitations import views as invitations
from centres.policy import views as policy
from centres.sign_in import second_step_views as second_step
from centres.sign_in import views as sign_in
from centres.staff import views as staff
from centres.views import centre, people

app_name = "centres"
urlpatterns = [
    path("centre/", centre.centre, name="centre"),
    path("centre/policy/", policy.policy, name="policy"),
    path("people/", people.people, name="people"),
    path("people/new/", people.add, name="person_add"),
    path("people/codes/", candidate_numbers.codes, name="codes"),
    path("people/invitations/<uuid:invitation>/", invitations.invitation, name="invitation"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("people/<uuid:membership>/invite/", invitations.invite, name="invite"),
    path("people/<uuid:membership>/sign-ins/", sign_in.sign_ins, name="sign_ins"),
    path("people/<uuid:membership>/correct/", corrections.correct, name="person_correct"),
    path("people/<uuid:membership>/second-step/", second_step.reset, name="second_step_reset"),
    path("people/<uuid:membership>/age/", guardians.under_age, name="under_age"),
    path("people/<uuid:membership>/end/", people.end, name="role_end"),
    path("staff/", staff.staff, name="staff"),
    path("staff/list.csv", staff.staff_list_csv, name="staff_csv"),
    path("staff/list.pdf", staff.staff_list_pdf, name="staff_pdf"),
    path("staff/<uuid:person>/", staff.person, name="staff_person"),
    path("staff/<uuid:person>/new/<slug:kind>/", staff.record_add, name="staff_record_add"),
    path("staff/<uuid:person>/<uuid:record>/end/", staff.record_end, name="staff_record_end"),
]
