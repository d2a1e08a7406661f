"""Names the app for Django."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "verification"

    def ready(self) -> None:
        """Show visits at home, let who visits read of staff, name rows for the proof, and tell who countersigns."""
        from assessments.endings.pending import pending_too  # noqa: PLC0415 - models can be read from here on
        from assessments.home.coordinator import count_at_coordinators_home  # noqa: PLC0415
        from assessments.home.person import show_at_home  # noqa: PLC0415
        from assessments.proof.rows import compare_too  # noqa: PLC0415
        from assessments.unit_page.links_above import link_on_unit_page  # noqa: PLC0415
        from centres.models import Role  # noqa: PLC0415
        from centres.staff.permissions import let_in_visitors  # noqa: PLC0415
        from record.models import ChainKind  # noqa: PLC0415
        from verification.cases.home import open_cases  # noqa: PLC0415
        from verification.models import (  # noqa: PLC0415
            Case,
            CaseStep,
            MeetingMinutes,
            MonitoringAcknowledgement,
            MonitoringRecord,
            Visit,
            VisitAction,
            VisitAsk,
            VisitMark,
            VisitReport,
            VisitSample,
        )
        from verification.sampling import known  # noqa: PLC0415
        from verification.sampling.unsampled import unsampled_in  # noqa: PLC0415
        from verification.visits.home import VisitsPart  # noqa: PLC0415
        from verification.visits.permissions import is_visiting  # noqa: PLC0415
        from verification.visits.unit_link import mark_link  # noqa: PLC0415

        count_at_coordinators_home(open_cases)
        show_at_home(Role.EXTERNAL_VERIFIER, VisitsPart)
        let_in_visitors(is_visiting)
        compare_too(
            ChainKind.CENTRE,
            "visit",
            {
                Visit: "centre",
                VisitSample: "visit__centre",
                VisitMark: "sample__visit__centre",
                VisitReport: "visit__centre",
                VisitAction: "visit__centre",
                VisitAsk: "visit__centre",
            },
        )
        link_on_unit_page(mark_link)
        pending_too(unsampled_in)
        compare_too(
            ChainKind.CENTRE,
            "monitoring",
            {
                MonitoringRecord: "centre",
                MonitoringAcknowledgement: "record__centre",
                MeetingMinutes: "record__centre",
            },
        )
        compare_too(ChainKind.PORTFOLIO, "case", {Case: "chain__registration", CaseStep: "case__chain__registration"})
        compare_too(ChainKind.CENTRE, "case", {Case: "chain__centre", CaseStep: "case__chain__centre"})
        known.begin()
