"""A passkey is added, lets in alone and as the second step, and goes again, with an authenticator of Chromium's own."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from centres.sign_in.models import SignIn
from tests.browser.chromium import listen
from tests.browser.conftest import end_of_requests
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def type_password(page, email):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_passkey_from_the_first_to_the_last(browser, live_server, assessor):
    context = browser.new_context(base_url=live_server.url)  # localhost: browsers know no passkeys of bare addresses
    page = context.new_page()
    complaints = listen(page)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    authenticator = device.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]

    type_password(page, assessor.email)
    page.goto("/accounts/second-step/")
    page.get_by_role("link", name="Add a passkey").click()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/accounts/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Passkey: My phone")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    type_password(page, assessor.email)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="What next?")).to_be_visible()

    page.goto("/accounts/second-step/")
    page.get_by_role("link", name="Take away My phone").click()
    page.get_by_role("button", name="Take away").click()
    expect(page.get_by_text("The passkey was taken away.")).to_be_visible()
    assert not Authenticator.objects.exists()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey was not accepted.")).to_be_visible()
    context.close()
    end_of_requests()
    kept = list(SignIn.objects.filter(user=assessor).order_by("pk").values_list("what", flat=True))
    assert kept == ["signed_in", "step_set_up", "signed_in", "signed_in", "step_removed"]
    assert complaints == []
