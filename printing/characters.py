"""Single characters as people can name them. Quick to import, unlike what prints."""


def code_point(character: str) -> str:
    """A character by its Unicode number: "U+1F600"."""
    return f"U+{ord(character):04X}"
