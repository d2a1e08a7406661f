"""What /health says of one part of the site: how bad it is, and a sentence for those who look after the site."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How a part of the site is; the site is as its worst part."""

    OK = 0
    DEGRADED = 1  # people can work, but somebody must look
    DOWN = 2  # people cannot work, or work that they wait for is not done

    @property
    def word(self) -> str:
        """The word for the answer."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """How a part is, and the sentence, which names no path, person or setting, since anyone may ask."""

    level: Level
    words: str


OK = Finding(Level.OK, "ok")
STARTING = Finding(Level.OK, "starting")


def degraded(words: str) -> Finding:
    """Return the finding that people can work, but somebody must look."""
    return Finding(Level.DEGRADED, words)


def down(words: str) -> Finding:
    """Return the finding that it does not work."""
    return Finding(Level.DOWN, words)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun. /health counts no further than COUNTED_AT_MOST."""
    if number >= COUNTED_AT_MOST:
        return f"{COUNTED_AT_MOST} {many} or more"
    return f"{number} {one if number == 1 else many}"


COUNTED_AT_MOST = 100  # anyone may ask: no answer reads a whole table
