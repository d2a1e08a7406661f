"""How the number of an evidence is written: on every page, in every sentence and on paper."""

WRITTEN = "{}"  # "{:02}" would write 03


def evidence_number(number: int) -> str:
    """Return the number of an evidence as people read it. Documents and events hold the number itself."""
    return WRITTEN.format(number)
