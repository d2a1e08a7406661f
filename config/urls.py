"""Every address of the site."""

from django.urls import include, path

from assessments.home.views import home
from assessments.recording_form.blank_views import blank_form
from centres.invitations.views import answer as invitation_answer
from centres.views import demo, hints
from config.design import design
from config.health import health
from config.who_is_signed_in import whose
from portfolio.evidence.offline_views import worker
from portfolio.testimony.giving_views import give

handler400 = "config.views.bad_request"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("health", health, name="health"),
    path("whose/", whose, name="whose"),
    path("capture-worker.js", worker, name="capture_worker"),  # at the root: a worker serves what lies below it
    path("testimony/<str:key>/", give, name="testimony_give"),  # `key` is never logged (config/logs.py)
    path("invitation/<str:key>/", invitation_answer, name="invitation_answer"),  # likewise
    path("design/", design, name="design"),
    path("hints/<slug:hint>/dismiss/", hints.dismiss, name="hint_dismiss"),
    path("accounts/", include("config.account_urls")),
    path("standards/", include("standards.urls")),  # makes <code:...> known
    path("standards/<code:framework>/<code:code>/<int:number>/form.pdf", blank_form, name="blank_form"),
    path("c/<uuid:centre>/", include("centres.urls")),
    path("c/<uuid:centre>/", include("portfolio.urls")),
    path("c/<uuid:centre>/", include("assessments.urls")),
    path("c/<uuid:centre>/", include("verification.urls")),
    path("notices/", include("notices.urls")),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
]
