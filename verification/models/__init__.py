"""The tables of verification. Other apps import them from here."""

from verification.models.visits import Visit, VisitAction, VisitMark, VisitReport, VisitSample

__all__ = ["Visit", "VisitAction", "VisitMark", "VisitReport", "VisitSample"]
