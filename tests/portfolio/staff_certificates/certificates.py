"""Certificates for tests: small PDFs, added to what is on record of staff."""

from centres.models import User
from centres.staff.models import StaffRecord
from portfolio.files.uploads import IncomingFile
from portfolio.models import StaffCertificate
from portfolio.staff_certificates.services import staff_certificate_add

PDF = b"%PDF-1.7\nThis is to certify that she holds TAQA.\n"


def certificate(record: StaffRecord, actor: User, *, name: str = "taqa.pdf", content: bytes = PDF) -> StaffCertificate:
    """Add a file to a record."""
    with IncomingFile.from_content(name, content) as incoming:
        return staff_certificate_add(record=record, actor=actor, incoming=incoming)
