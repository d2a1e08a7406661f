"""Which page of a long list an address asks for."""


def page_number(wanted: str | None) -> int:
    """The number of a page as an address has it; 1 where it makes no sense."""
    return max(int(wanted), 1) if wanted and wanted.isdecimal() and len(wanted) < 8 else 1
