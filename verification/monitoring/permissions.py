"""Who may do what with what verifiers record. Each question is one function, asked by screen, service and form alike.

Who reads a record: `MonitoringRecordQuerySet.visible_to`.
"""

from centres.models import Centre, Role, User
from centres.permissions import roles_in
from verification.models import MonitoringKind, MonitoringRecord, Visit

READ_OWN = frozenset({Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR})


def may_record(user: User, centre: Centre) -> bool:
    """The centre's internal verifiers record interviews, observations and meetings."""
    return Role.INTERNAL_VERIFIER in roles_in(user, centre)


def may_list(user: User, centre: Centre) -> bool:
    """Who works at the centre finds there what they may read, and so does who visits it, while the visit is open."""
    held = roles_in(user, centre)
    if held & READ_OWN:
        return True
    is_visiting = Visit.objects.open_now().filter(verifier=user.pk, centre=centre.pk)
    return Role.EXTERNAL_VERIFIER in held and is_visiting.exists()


def may_acknowledge(user: User, record: MonitoringRecord) -> bool:
    """The assessor whom it is about says, once, whether they agree."""
    return record.assessor_id == user.pk and not hasattr(record, "acknowledgement")


def may_add_minutes(user: User, record: MonitoringRecord) -> bool:
    """The centre's internal verifiers add the minutes of a meeting."""
    return record.kind == MonitoringKind.MEETING and may_record(user, record.centre)
