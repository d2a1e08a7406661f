"""Addresses of the standards, under /standards/."""

from django.urls import path

from standards import views

app_name = "standards"

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    # Before the units: no framework may be called "qualifications".
    path("qualifications/<str:framework>/<str:code>/", views.qualification, name="qualification"),
    path("<str:framework>/<str:code>/", views.unit, name="unit"),
    path("<str:framework>/<str:code>/<int:number>/", views.unit, name="revision"),
    path("<str:framework>/<str:code>/<int:number>/unit.pdf", views.unit_pdf, name="unit_pdf"),
]
