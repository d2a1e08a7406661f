"""Makes the demo's sound recordings: two voices that speak in tones, so that nobody had to be recorded."""

import io
import math
import random
import wave
from functools import cache

RATE = 8000  # samples a second, as on a telephone line; one byte each
SILENCE = 128
PITCHES = {"caller": 118.0, "desk": 205.0}  # Hz
VOWELS = ((700, 1220), (530, 1840), (300, 2240), (450, 820), (640, 1190), (390, 1990))  # the first two formants, Hz


def conversation(*, seconds: int, seed: str) -> bytes:
    """Return a WAV of two voices taking turns for about so many seconds; the same seed gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    syllables = _syllables()
    sound = bytearray(_pause(0.4))
    while len(sound) < seconds * RATE:
        for voice in PITCHES:
            for _ in range(chance.randint(2, 4)):  # sentences
                for _ in range(chance.randint(5, 11)):
                    sound += chance.choice(syllables[voice])
                    if chance.random() < 0.3:
                        sound += _pause(0.07)
                sound += _pause(chance.uniform(0.25, 0.5))
            sound += _pause(0.3)
    written = io.BytesIO()
    with wave.open(written, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(1)
        recording.setframerate(RATE)
        recording.writeframes(bytes(sound[: seconds * RATE]))
    return written.getvalue()


@cache
def _syllables() -> dict[str, list[bytes]]:
    return {voice: [_syllable(pitch, vowel) for vowel in VOWELS] for voice, pitch in PITCHES.items()}


def _syllable(pitch: float, vowel: tuple[int, int]) -> bytes:
    """A fifth of a second of one vowel, its pitch falling a little, swelling and fading."""
    length = RATE // 5
    partials = [(number, _loudness(number * pitch, vowel)) for number in range(1, int(3400 / pitch))]
    partials = [(number, loudness) for number, loudness in partials if loudness > 0.04]
    total = sum(loudness for _, loudness in partials)
    samples = bytearray(length)
    for place in range(length):
        at = place / RATE
        phase = 2 * math.pi * pitch * (at - 0.25 * at * at)
        swell = math.sin(math.pi * place / length) ** 0.6
        level = sum(loudness * math.sin(number * phase) for number, loudness in partials) / total
        samples[place] = SILENCE + round(100 * swell * level)
    return bytes(samples)


def _loudness(frequency: float, vowel: tuple[int, int]) -> float:
    return sum(math.exp(-(((frequency - formant) / 180) ** 2)) for formant in vowel)


def _pause(seconds: float) -> bytes:
    return bytes([SILENCE]) * int(seconds * RATE)
