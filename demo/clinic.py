"""The demo's clinic, on City & Guilds 323: one unit signed off, one just begun with papers that stay at work."""

from demo.files import PaperTable, PhonePhoto, TypedLetter, WordDocument
from demo.stories import (
    DESMOND,
    JOYCELYN,
    Judge,
    MakeStatements,
    On,
    SignOff,
    Story,
    StoryEvidence,
    StoryPerson,
    Submit,
)
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind

CLINIC = "Bayside Family Clinic\nReception, 4 Almond Row"
UNIT = "cg:323"

GRACE = Story(
    candidate=StoryPerson("Grace Mensah"),
    number="PR-26-0188",
    assessor=DESMOND,
    verifier=JOYCELYN,
    units=[UNIT],
    steps=[
        StoryEvidence(
            title="Observation at reception on the first day of the flu clinic",
            kind=EvidenceKind.OBSERVATION,
            days_ago=63,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Observation flu clinic.docx",
                    sender="Pelican Reach Skills Centre\nAssessor's observation",
                    heading="Observation: G. Mensah, reception, flu clinic",
                    paragraphs=[
                        "1. Before the doors opened: two queues, a chair every third place, forms in three languages, "
                        "and a colleague told when to come from the back office.",
                        "2. She asked each person one question, and knew who wanted the vaccine, who wanted it "
                        "explained, and who was really there about something else.",
                        "3. At ten the nurse was called away. Grace told the line the truth, moved eleven people to "
                        "two o'clock with their agreement, and wrote each one a card.",
                        "4. A father wanted four places at once. She had four on Thursday; he took them.",
                    ],
                    signed="D. Achong, assessor",
                )
            ],
            claims="2.1 para 2; 2.3 para 1; 2.4 para 1; 2.5 para 3; 3.1 para 3; 3.2 para 3 and 4; 3.4 para 3",
        ),
        StoryEvidence(
            title="Map of what a patient meets, from the telephone to the way out",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=55,
            files=[
                PaperTable(
                    name="Journey of a patient.pdf",
                    sender=CLINIC,
                    heading="The journey of a patient at Bayside",
                    columns=["Step", "What they want", "What goes wrong", "First to be mended"],
                    pages=[
                        [
                            ["Telephone", "A time this week", "Engaged from 8 to 9", "1: call back list"],
                            ["Door", "To be seen by somebody", "No one looks up", "2: one of us stands"],
                            ["Waiting", "To know how long", "Nobody says", "3: board, every 15 minutes"],
                            ["Way out", "The next step on paper", "Printer at the back", "4: moved to the front"],
                        ]
                    ],
                    note="Drawn with the nurses on two lunch breaks. G. Mensah",
                )
            ],
            claims="2.1 column 2; 2.2; 2.6 column 4; 3.3 row 2",
        ),
        StoryEvidence(
            title="Professional discussion on organising the delivery of service",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=41,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Discussion Grace Mensah.docx",
                    sender="Pelican Reach Skills Centre\nRecord of a professional discussion",
                    heading="Discussion with G. Mensah",
                    paragraphs=[
                        "1. The text message brings forty calls in an hour, the poster two a day: so the message goes "
                        "out in four parts, and two of us answer.",
                        "2. Who plans: doctors give the hours, nurses the rooms, reception the queue, and the "
                        "patients' "
                        "group reads it before it is printed.",
                        "3. They want a time today, need to be seen this week, and expect to be told. Only the second "
                        "cannot wait, and the third costs nothing.",
                        "4. By age, by how often they come, by language, by who looks after whom. The old come early, "
                        "parents after school: that is how the two queues were made.",
                        "5. A journey is walked, timed and asked about: I sat in the waiting room on my day off.",
                    ],
                    signed="D. Achong and G. Mensah",
                )
            ],
            claims="1.1 para 1; 1.2 para 2; 1.3 para 3; 1.4 para 4; 1.5 para 4; 1.6 para 5",
        ),
        StoryEvidence(
            title="Witness testimony of the practice manager",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            days_ago=33,
            files=[
                TypedLetter(
                    name="Testimony Mrs Osei-Grant.pdf",
                    sender=CLINIC,
                    to="Mr D. Achong\nPelican Reach Skills Centre",
                    pages=[
                        [
                            "Grace Mensah has led our reception since January. The board in the waiting room, "
                            "the call "
                            "back list and the printer at the front are hers. Complaints about waiting fell from nine "
                            "in a month to two.",
                            "When the doctors wanted longer clinics and the staff shorter ones she found hours that "
                            "both could live with. She asks after each clinic what she herself could have done "
                            "better, "
                            "and the month after one sees that she has.",
                            "A. Osei-Grant, practice manager",
                        ]
                    ],
                ),
                PhonePhoto(name="Waiting board.heic", words=["Now waiting", "Nurse: 10 minutes", "Doctor: 25 minutes"]),
            ],
            claims="2.3 first paragraph; 3.1 second paragraph; 3.3 second paragraph; 3.4 second paragraph",
        ),
        On(11),
        Submit(),
        Judge(),
        MakeStatements(),
        On(8),
        SignOff("Observed once, vouched for over half a year, and the map is used by the clinic itself."),
    ],
)

IMRAN = Story(
    candidate=StoryPerson("Imran Sayed"),
    number="PR-26-0402",
    assessor=DESMOND,
    verifier=JOYCELYN,
    units=[UNIT],
    steps=[
        StoryEvidence(
            title="Rota and service standards of the pharmacy counter",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=13,
            location="Bayside pharmacy, office, grey folder “Counter”; ask Ms Dottin",
            relevance="I drew up the rota of October and the page on waiting times; both carry my initials",
            claims="2.3 the page on waiting times; 2.4 the rota",
        ),
        StoryEvidence(
            title="What I learned from a day beside the counter",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=5,
            files=[
                WordDocument(
                    name="A day beside the counter.docx",
                    sender="Imran Sayed",
                    heading="A day beside the counter",
                    paragraphs=[
                        "1. I counted for a day: 61 people came for a prescription, 22 with a question, 9 to talk.",
                        "2. Those with a question wait behind those with a bag. I should put them apart.",
                        "3. I interrupt. Two people stopped what they were saying. That is the first thing to change.",
                    ],
                    signed="I. Sayed",
                )
            ],
            claims="1.3 para 1; 1.4 para 1; 2.1 para 1; 3.3 para 3",
        ),
    ],
)
