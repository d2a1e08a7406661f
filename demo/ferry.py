"""The demo's ferry, on OCR 58A: a unit submitted and waiting, one that is collected, one to be confirmed."""

from assessments.models import Outcome
from demo.files import CardPhoto, KeptRecording, PaperTable, TypedLetter, WordDocument
from demo.stories import (
    DESMOND,
    HELEN,
    OWEN,
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

FERRY = "Merrow Sound Ferries\nBooking hall, East Pier"
UNIT = "ocr:58A"

TOMAS = Story(
    candidate=StoryPerson("Tomas Ferreira"),
    number="PR-26-0263",
    assessor=HELEN,
    verifier=OWEN,
    units=[UNIT],
    steps=[
        StoryEvidence(
            title="Boarding plan for the festival and what became of it",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=96,
            until=94,
            files=[
                PaperTable(
                    name="Boarding plan.pdf",
                    sender=FERRY,
                    heading="Boarding plan, festival weekend",
                    columns=["Day", "Booked", "Got ready", "What happened"],
                    pages=[
                        [
                            [0, "612", "Two lanes, water, prams first", "Second boat late: told lane by lane"],
                            [1, "940", "A third lane, Ana from the café", "Card reader out: cash lane in ten minutes"],
                            [2, "188", "One lane", "Quiet: rang the forty whose boat was cancelled on Friday"],
                        ]
                    ],
                    note="Plan and remarks: T. Ferreira, duty lead",
                )
            ],
            claims="1.1 row 1; 1.2 row 1; 1.3 row 2; 2.1 rows 2 and 3; 2.2 row 2; 4a row 1; 4d row 2; 5a row 3",
        ),
        StoryEvidence(
            title="Complaint about a missed boat, and the answer",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=71,
            files=[
                TypedLetter(
                    name="Answer to Mr Quill.pdf",
                    sender=FERRY,
                    to="Mr H. Quill\nLighthouse Cottage",
                    pages=[
                        [
                            "Dear Mr Quill,",
                            "You have travelled with us for years, and on the third you stood at the wrong pier "
                            "because our board said so. You were right to be angry, and I was the one you told.",
                            "Your fare is enclosed. The board is now changed by the person who moves the boat, and I "
                            "look at it on every shift. Five others wrote the same; I have sent all six to the pier.",
                            "Tomas Ferreira, booking hall",
                        ]
                    ],
                )
            ],
            claims="2.3 second paragraph; 2.5 second paragraph; 2.6 third paragraph; 2.7 third paragraph; 3.4; "
            "4b; 4c; 5b",
        ),
        StoryEvidence(
            title="Discussion on procedures, feedback and records",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=38,
            by=Capacity.ASSESSOR,
            files=[KeptRecording(name="Discussion with Tomas.mp3", source="discussion.mp3")],
            claims="4.1 0:03; 4.2 0:11; 4.3 0:19; 4.4 0:27; 4.5 0:36; 4.6 0:44; 4.7 0:52; 4.8 1:01; 2.4 1:06",
        ),
        StoryEvidence(
            title="Hourly count of the queue before and after the new board",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=30,
            until=17,
            location="Booking system, East Pier; ask for the duty lead's folder “Counts”",
            relevance="My counts of two fortnights, entered under TFERR: from 14 minutes to 6 at the busiest hour",
            claims="2.8 both fortnights; 3.1 entries under TFERR; 3.2; 3.3; 5c the question sheet in the folder",
        ),
        On(10),
        Submit(),
    ],
)

ESI = Story(
    candidate=StoryPerson("Esi Boateng"),
    number="PR-26-0377",
    assessor=HELEN,
    verifier=OWEN,
    units=[UNIT],
    steps=[
        StoryEvidence(
            title="Cards from the suggestion box at gate 2",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=29,
            files=[
                CardPhoto(
                    name="Gate 2 card.jpg",
                    printed="Merrow Sound Ferries - your word",
                    written=["Nobody says when the boat is", "late. Only Esi does!", "", "weekly ticket 4410"],
                )
            ],
            claims="2.3; 2.5; 4c; 5b",
        ),
        StoryEvidence(
            title="How I plan the morning boats",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=21,
            files=[
                WordDocument(
                    name="Morning boats.docx",
                    sender="Esi Boateng",
                    heading="How I plan the morning boats",
                    paragraphs=[
                        "1. At five I read the bookings and the tide. With more than 300 I open lane two before "
                        "anyone "
                        "stands there, and put the ramp out when a wheelchair is booked.",
                        "2. When Lewis is ill I take his gate and ask the café to sell returns. That is laid "
                        "down: the "
                        "lead may move people between gates, not between piers.",
                        "3. A late boat is said at once, with the next time, even when I only know half of it.",
                    ],
                    signed="E. Boateng",
                )
            ],
            claims="1.1 para 1; 1.2 para 1; 1.3 para 2; 4.1 para 2; 4.2 para 2",
        ),
        On(7),
        Judge(
            pieces=[1],
            answers={
                (1, "2.3"): (Outcome.PARTLY, "One card is a beginning. “Consistently” wants a few, over some weeks.")
            },
        ),
    ],
)

DENZIL = Story(
    candidate=StoryPerson("Denzil Ifill"),
    number="PR-26-0305",
    site="Ferry terminal",
    cohort="Spring 2026",
    target=24,
    assessor=HELEN,
    verifier=OWEN,
    confirms=DESMOND,
    units=[UNIT],
    steps=[
        StoryEvidence(
            title="Rota for the car deck through the summer, and what I changed in it",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=104,
            until=60,
            files=[
                PaperTable(
                    name="Car deck rota.pdf",
                    sender=FERRY,
                    heading="Car deck, July and August",
                    columns=["Week", "Booked", "Got ready", "What happened"],
                    pages=[
                        [
                            [0, "88 cars a boat", "Two on the ramp, one on lane 3", "Fog: rang 140 people"],
                            [7, "96 cars a boat", "The same, and a float for change", "Ramp stuck: walked them over"],
                            [14, "91 cars a boat", "Spare wristbands", "Asked for a second card reader, and got it"],
                        ]
                    ],
                    note="Rota and remarks: D. Ifill",
                )
            ],
            claims="1.1 row 1; 1.2 row 2; 1.3 row 1; 2.1 row 3; 2.2 row 2; 2.4 row 1; 3.1 row 1; 4a row 1; 4d row 2; "
            "5a row 3",
        ),
        StoryEvidence(
            title="Comments book of the car deck",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=52,
            location="Car deck office, East Pier; ask for the comments book of this year",
            relevance="My answers to 23 drivers, and the count that I made of what they ask for most",
            claims="2.3 entries 4 to 9; 2.5 entry 11; 2.6 the count; 2.7 the count; 2.8 the last page; 3.2; 3.3; 3.4; "
            "4b entry 11; 4c entry 11; 5b entry 17; 5c the last page",
        ),
        StoryEvidence(
            title="Talk on the rules of the deck and on what we keep of customers",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=21,
            by=Capacity.ASSESSOR,
            location="Notes in the assessor's folder, Pelican Reach Skills Centre",
            relevance="My notes of 40 minutes on the deck, with Denzil's answers",
            claims="4.1-4.8 notes",
        ),
        On(6),
        Submit(),
        Judge(),
        MakeStatements(),
        SignOff("The comments book shows how much the drivers trust him."),
    ],
)
