from django.db import migrations, models

from record.triggers import append_only

SECOND_STEP_CHOICES = [
    "",
    "assessor",
    "internal_verifier",
    "coordinator",
    "external_verifier",
    "assessor internal_verifier",
    "assessor coordinator",
    "assessor external_verifier",
    "internal_verifier coordinator",
    "internal_verifier external_verifier",
    "coordinator external_verifier",
    "assessor internal_verifier coordinator",
    "assessor internal_verifier external_verifier",
    "assessor coordinator external_verifier",
    "internal_verifier coordinator external_verifier",
    "assessor internal_verifier coordinator external_verifier",
]


class Migration(migrations.Migration):
    """A centre chooses who must use a second step when they sign in, and what became of it is kept."""

    dependencies = [
        ("centres", "0009_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="centrepolicy",
            name="second_step_roles",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddConstraint(
            model_name="centrepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("second_step_roles__in", SECOND_STEP_CHOICES)),
                name="policy_second_step_roles_valid",
            ),
        ),
        append_only("centres_centrepolicy"),  # SQLite loses its triggers where a table is altered
        migrations.AlterField(
            model_name="signin",
            name="what",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("wrong_password", "Refused: wrong password"),
                    ("too_many", "Refused: too many tries"),
                    ("closed", "Refused: the account is closed"),
                    ("new_password", "New password"),
                    ("ended", "Signed out from another device"),
                    ("link", "A link to come in was given out"),
                    ("wrong_step", "Refused: wrong second step"),
                    ("step_set_up", "Second step set up"),
                    ("step_removed", "Second step taken away"),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint(model_name="signin", name="sign_in_what_valid"),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "what__in",
                        [
                            "signed_in",
                            "wrong_password",
                            "too_many",
                            "closed",
                            "new_password",
                            "ended",
                            "link",
                            "wrong_step",
                            "step_set_up",
                            "step_removed",
                        ],
                    )
                ),
                name="sign_in_what_valid",
            ),
        ),
    ]
