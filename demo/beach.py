"""The beach of the demo's resort, on CVQ level 2: one candidate stuck, one just registered."""

from assessments.models import Outcome
from demo.files import PhonePhoto, WordDocument
from demo.stories import CVQ_LEVEL_2, DESMOND, JOYCELYN, CannotBeShown, Judge, On, Story, StoryEvidence, StoryPerson
from standards.evidence_kinds import EvidenceKind

JERMAINE = Story(
    candidate=StoryPerson("Jermaine Cox"),
    number="PR-26-0287",
    assessor=DESMOND,
    verifier=JOYCELYN,
    qualification=CVQ_LEVEL_2,
    units=[],
    steps=[
        StoryEvidence(
            title="A morning on the beach desk, in my own words",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=47,
            files=[
                WordDocument(
                    name="Beach desk.docx",
                    sender="Jermaine Cox",
                    heading="A morning on the beach desk",
                    paragraphs=[
                        "1. I set out sixty chairs before seven and check each for splinters. The towels come in at "
                        "eight, and I count them, because on Tuesday they were nine short.",
                        "2. A gentleman was cross that his chairs were taken. I found him two near the bar, "
                        "carried his "
                        "things, and asked at noon whether it was all right.",
                        "3. The kayaks are not mine to hire out. I walk people over and say their names to Dale.",
                    ],
                    signed="J. Cox",
                )
            ],
            claims="1.2 para 2; 1.5 para 2; 1.7 para 2; 2.1 para 2; 2.5 para 2; 3.1 para 3; 1A.ii para 2; "
            "1C.vii para 3",
            more={"U12902": "1.2-1.4 para 1; 2.3 para 1; 2.5 para 3; 1A.i; 2B.iii para 1"},
        ),
        Judge(
            answers={
                (1, "1.5"): (Outcome.PARTLY, "Good. Under pressure is more than one guest: a full day, please."),
                (1, "3.1"): (
                    Outcome.NOT_YET,
                    "You take people to somebody who knows. Show me once that you found the answer yourself.",
                ),
            }
        ),
        StoryEvidence(
            title="Photo of the towel board",
            kind=EvidenceKind.PHOTO,
            days_ago=26,
            files=[PhonePhoto(name="IMG_0098.heic", words=["Beach towels", "One each, please", "Back by 6"])],
            more={"U12902": "1.4; 1A.iii"},
        ),
        On(19),
        Judge(unit="U12902"),
        CannotBeShown(
            "1A.ii",
            "The beach hut hands out towels and chairs. Nothing there is wrapped or bagged, and no other post is open "
            "to Jermaine this season.",
            "U12902",
        ),
    ],
)

ANIKA = Story(
    candidate=StoryPerson("Anika Charles"),
    number="PR-26-0425",
    assessor=None,
    verifier=None,
    qualification=CVQ_LEVEL_2,
    units=["cvq:U13502"],
    registered=2,
)
