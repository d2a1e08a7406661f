"""Names the app for Django."""

from allauth.account.signals import password_changed, password_reset
from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed  # noqa: PLC0415

        from centres import checks  # noqa: F401, PLC0415 - models can be imported only now
        from centres.candidate_numbers.services import code_used  # noqa: PLC0415
        from centres.invitations.services import invitations_of_role_withdraw  # noqa: PLC0415
        from centres.services.people import end_with_the_role  # noqa: PLC0415
        from centres.sign_in.log import new_password_noted, second_step_noted  # noqa: PLC0415

        end_with_the_role(invitations_of_role_withdraw)
        for changed in (password_changed, password_reset):
            changed.connect(new_password_noted)
            changed.connect(code_used)
        for changed in (authenticator_added, authenticator_removed):
            changed.connect(second_step_noted)
