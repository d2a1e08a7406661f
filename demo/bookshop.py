"""The demo's bookshop: a unit that was signed off and that the verifier sent back to the assessor."""

from demo.files import PaperTable, SignPhoto, TypedLetter, WordDocument
from demo.stories import (
    DESMOND,
    JOYCELYN,
    Judge,
    MakeStatements,
    On,
    Returned,
    SignOff,
    Story,
    StoryEvidence,
    StoryPerson,
    Submit,
)
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind

KINGFISHER = "Kingfisher Books\n12 Church Hill, Merrow Quay"

NADIA = Story(
    candidate=StoryPerson("Nadia Hosein"),
    number="PR-26-0156",
    assessor=DESMOND,
    verifier=JOYCELYN,
    steps=[
        StoryEvidence(
            title="Witness testimony of the shop's owner",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            days_ago=110,
            files=[
                WordDocument(
                    name="Testimony Mr Threlfall.docx",
                    sender=KINGFISHER,
                    heading="Witness testimony for Nadia Hosein",
                    paragraphs=[
                        "Nadia has worked in my shop for two years and runs it alone on Mondays and Thursdays.",
                        "Last year the school list came a week early and three hundred parents with it. She "
                        "rang round for stock, "
                        "put the lists in class order and asked a friend of mine to sit at the till. On a wet "
                        "Monday with no one in, she "
                        "telephones people whose orders have come.",
                        "Professor Ince, who finds fault with everything, asks for her by name.",
                    ],
                    signed="Alan Threlfall",
                )
            ],
            claims="1.1 second paragraph; 1.3 second paragraph; 2.1 second paragraph; 2.3; 4b third paragraph; "
            "4c third paragraph; 5a",
        ),
        StoryEvidence(
            title="Order book and how I find a customer's order",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=92,
            until=78,
            files=[
                PaperTable(
                    name="Order book.pdf",
                    sender=KINGFISHER,
                    heading="Order book (names shortened)",
                    columns=["Date", "Customer", "Wanted", "State", "Told"],
                    pages=[
                        [
                            [0, "Mrs T.", "Large print thriller, any", "Three found, chose one", "In the shop"],
                            [
                                2,
                                "Prof. I.",
                                "History of St Brannock, 1931",
                                "Reprint found with a publisher in Leeds",
                                "Letter",
                            ],
                            [4, "New: Mr B.", "Maths year 9 and the answers", "Came by van", "Telephone"],
                            [9, "Mrs T.", "As before", "Put by before she asked", "Telephone"],
                            [
                                14,
                                "New: school",
                                "30 atlases by the first",
                                "Supplier let us down; 30 from two others",
                                "E-mail",
                            ],
                        ]
                    ],
                    note="Kept under lock, entries struck out after six months as the owner's notice on data says.",
                )
            ],
            claims="1.2; 2.2 last row; 3.1; 3.2 rows 2 and 5; 3.3 row 4; 3.4 column Told; 4a row 1; 4d rows 3 "
            "and 5; g; h note",
        ),
        StoryEvidence(
            title="Sign about the order desk, made after customers' comments",
            kind=EvidenceKind.PHOTO,
            days_ago=75,
            files=[
                SignPhoto(
                    name="Order desk.jpg",
                    words=["Order desk", "We ring you", "when your book is in", "Ask for Nadia or Alan"],
                )
            ],
            claims="2.4; 2.5; 2.7; 5b",
        ),
        StoryEvidence(
            title="Question sheet that I gave to forty customers, with my notes on the answers",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=60,
            until=32,
            files=[
                TypedLetter(
                    name="What forty customers said.pdf",
                    sender=KINGFISHER,
                    to="Mr Threlfall",
                    pages=[
                        [
                            "I asked forty customers three questions. Twenty-six said that they did not know "
                            "we order books. Eleven said "
                            "that nobody told them when a book had come.",
                            "I told you about the second point twice in the spring; this is the third time, so "
                            "I have made a "
                            "proposal overleaf.",
                        ],
                        [
                            "Proposal: whoever unpacks the van rings the same day and ticks column five. I "
                            "tried it for four weeks. "
                            "In the first week two books lay for longer than a day, in the last week none did.",
                            "What I would act on: anything that three people say, or one person says who was "
                            "harmed. The rest I keep.",
                        ],
                    ],
                )
            ],
            claims="2.6 page 1; 2.7 page 2; 2.8 page 2; 5c page 1; c page 1; e page 2; f",
        ),
        StoryEvidence(
            title="Questions and answers on procedures and absence",
            kind=EvidenceKind.QUESTIONING,
            days_ago=21,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Questions and answers.docx",
                    sender="Pelican Reach Skills Centre\nRecord of questioning",
                    heading="Questions to N. Hosein",
                    paragraphs=[
                        "Q1. The shutters jam and it is nine o'clock. What is laid down, and what is yours to "
                        "do? - Side door, note on the "
                        "front, ring Alan. I may open without him, I may not let people climb through.",
                        "Q2. Who serves when you are ill? - Alan. In school weeks that means the van waits, so "
                        "I ring the supplier to come later.",
                        "Q3. How does an order go through the shop? - Book, supplier, shelf, telephone, till; "
                        "each with its column.",
                    ],
                    signed="D. Achong and N. Hosein",
                )
            ],
            claims="a Q1; b Q2; d Q3",
        ),
        On(15),
        Submit(),
        Judge(),
        MakeStatements(),
        On(10),
        SignOff("Everything is covered, and the forty question sheets are a pleasure to read."),
        On(3),
        Returned(
            Capacity.INTERNAL_VERIFIER,
            "Desmond: B10.2.4 rests on the sign alone, and a sign does not show how Nadia shares her time "
            "between customers. Please observe "
            "her on a busy Saturday, or question her on it, and judge B10.2.4 anew. The rest I agree with. By "
            "the end of the month, please.",
        ),
    ],
)
