"""Every address of the site."""

from django.urls import include, path

from centres.views import demo

handler400 = "config.views.bad_request"
handler500 = "config.views.server_error"

urlpatterns = [
    path("accounts/", include("config.account_urls")),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
]
