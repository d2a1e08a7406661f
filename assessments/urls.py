"""Addresses of a unit in a portfolio: how it stands, judging, signing, stepping back, and its form."""

from django.urls import path

from assessments.views import claims, criterion, forms, grid, judge, portfolio, returns, sign, unit

app_name = "assessments"
urlpatterns = [
    path("portfolios/<uuid:portfolio>/", portfolio.portfolio, name="portfolio"),
    path("units/<uuid:unit>/", unit.unit, name="unit"),
    path("units/<uuid:unit>/grid/", grid.grid, name="grid"),
    path("units/<uuid:unit>/marks/", grid.marks, name="marks"),
    path("units/<uuid:unit>/criteria/<slug:criterion>/", criterion.criterion, name="criterion"),
    path("units/<uuid:unit>/claims/<uuid:evidence>/", claims.claims, name="claims"),
    path("units/<uuid:unit>/judge/<uuid:evidence>/", judge.judge, name="judge"),
    path("units/<uuid:unit>/statements/", judge.statements, name="statements"),
    path("units/<uuid:unit>/sign/", sign.sign, name="sign"),
    path("units/<uuid:unit>/return/", returns.give_back, name="return"),
    path("units/<uuid:unit>/withdraw/", returns.withdraw, name="withdraw"),
    path("units/<uuid:unit>/reopen/", returns.reopen, name="reopen"),
    path("units/<uuid:unit>/form.pdf", forms.form, name="form"),
    path("units/<uuid:unit>/forms/<uuid:signature>.pdf", forms.final_form, name="final_form"),
]
