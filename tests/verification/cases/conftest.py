"""Eve visits, and Pat's B10 is in her sample."""

from tests.verification.visits.conftest import eve, sampled, visit  # noqa: F401
