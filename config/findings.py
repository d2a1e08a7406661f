"""What /health says of a part: how bad it is, and a sentence for whoever looks after the site."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How a part stands; the site stands as its worst part does."""

    OK = 0
    DEGRADED = 1  # people can work, but somebody must look
    DOWN = 2  # people cannot work, or work that they wait for is not done

    @property
    def word(self) -> str:
        """As the answer has it."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """How a part stands, and the sentence; it names no path, person or setting, since anyone may ask."""

    level: Level
    words: str


OK = Finding(Level.OK, "ok")
STARTING = Finding(Level.OK, "starting")


def degraded(words: str) -> Finding:
    """Somebody must look."""
    return Finding(Level.DEGRADED, words)


def down(words: str) -> Finding:
    """It does not work."""
    return Finding(Level.DOWN, words)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun; the most that is counted for /health is COUNTED_AT_MOST."""
    if number >= COUNTED_AT_MOST:
        return f"{COUNTED_AT_MOST} {many} or more"
    return f"{number} {one if number == 1 else many}"


COUNTED_AT_MOST = 100  # anyone may ask: no answer reads a whole table
