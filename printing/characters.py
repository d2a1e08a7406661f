"""Names of single characters. Quick to import, unlike the modules that print."""


def code_point(character: str) -> str:
    """A character by its Unicode number: "U+1F600"."""
    return f"U+{ord(character):04X}"
