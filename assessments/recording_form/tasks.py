"""Work that is done after the page has answered. Each task can run twice without harm."""

from uuid import UUID

from django_tasks import task

from assessments.recording_form.services import final_form_render


@task()
def render_final_form(signature: str) -> None:
    """Print the Candidate Recording Form of the countersignature with this uuid; try again if it fails."""
    if final_form_render(signature=UUID(signature)):
        render_final_form.enqueue(signature)
