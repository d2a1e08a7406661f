"""What a centre calls its candidates and verifiers on its pages, in its messages and mails.

Forms on paper, documents that are signed, exports and the record keep the words of the domain.
"""

import re
from dataclasses import asdict, dataclass

from django.db.models import TextChoices


class CandidateWord(TextChoices):
    """Who collects evidence."""

    CANDIDATE = "candidate", "candidate"
    LEARNER = "learner", "learner"


class InternalVerifierWord(TextChoices):
    """Who countersigns."""

    IV = "IV", "internal verifier"
    IQA = "IQA", "internal quality assurer"


class ExternalVerifierWord(TextChoices):
    """Who comes from the awarding body."""

    EV = "EV", "external verifier"
    EQA = "EQA", "external quality assurer"


@dataclass(frozen=True)
class Words:
    """What a centre calls people, by the names of their roles, and its verifiers in short.

    Whatever is chosen takes the article that the word of the domain takes ("a candidate", "an internal verifier"), so
    sentences write it themselves.
    """

    candidate: str = CandidateWord.CANDIDATE.label
    assessor: str = "assessor"
    internal_verifier: str = InternalVerifierWord.IV.label
    coordinator: str = "centre coordinator"
    external_verifier: str = ExternalVerifierWord.EV.label
    iv: str = InternalVerifierWord.IV.value
    ev: str = ExternalVerifierWord.EV.value

    @property
    def candidates(self) -> str:
        """Several of them."""
        return self.say("{candidates}")

    def of_role(self, role: str) -> str:
        """Return what who holds a role is called."""
        return str(asdict(self)[role])

    def say(self, sentence: str) -> str:
        """Return a sentence of ours with the words for its marks: {candidate}, {Candidate}, {candidates}, {iv}.

        A mark that is none of these stays as it is. Not for what people wrote.
        """
        return re.sub(r"\{(\w+)\}", self._word, sentence)

    def _word(self, mark: re.Match[str]) -> str:
        name = mark[1]
        word = asdict(self).get(name.lower().removesuffix("s"))
        if word is None:
            return mark[0]
        many = f"{word}s" if name.endswith("s") else word
        return many[0].upper() + many[1:] if name[0].isupper() else many


DOMAIN = Words()
