"""The demo's ferry, on OCR 58A: one unit submitted and waiting, one that is collected."""

from assessments.demo.files import CardPhoto, Kept, Letter, Table, WordDocument
from assessments.demo.stories import HELEN, OWEN, Judge, On, Person, Piece, Story, Submit
from assessments.models import Outcome
from portfolio.models import Capacity
from standards.vocabulary import EvidenceKind

FERRY = "Merrow Sound Ferries\nBooking hall, East Pier"
UNIT = "ocr:58A"

TOMAS = Story(
    candidate=Person("Tomas Ferreira"),
    number="PR-26-0263",
    assessor=HELEN,
    verifier=OWEN,
    units=[UNIT],
    steps=[
        Piece(
            title="Boarding plan for the festival and what became of it",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=96,
            until=94,
            files=[
                Table(
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
        Piece(
            title="Complaint about a missed boat, and the answer",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=71,
            files=[
                Letter(
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
        Piece(
            title="Discussion on procedures, feedback and records",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=38,
            by=Capacity.ASSESSOR,
            files=[Kept(name="Discussion with Tomas.mp3", source="discussion.mp3")],
            claims="4.1 0:03; 4.2 0:11; 4.3 0:19; 4.4 0:27; 4.5 0:36; 4.6 0:44; 4.7 0:52; 4.8 1:01; 2.4 1:06",
        ),
        Piece(
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
    candidate=Person("Esi Boateng"),
    number="PR-26-0377",
    assessor=HELEN,
    verifier=OWEN,
    units=[UNIT],
    steps=[
        Piece(
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
        Piece(
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
