"""What can go wrong with a print. Quick to import, unlike the modules that print."""

from printing.characters import code_point


class PrintError(RuntimeError):
    """The print would have been incomplete or wrong; nothing was made."""


class MissingCharacters(PrintError):
    """No installed font has these `characters`."""

    def __init__(self, characters: set[str]) -> None:
        self.characters = frozenset(characters)
        numbers = ", ".join(sorted(code_point(character) for character in characters))
        super().__init__(f"No installed font has these characters: {numbers}.")
