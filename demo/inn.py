"""The demo's inn: a unit that was returned once, verified, reopened, and verified again."""

from assessments.models import Outcome
from demo.files import CardPhoto, PaperTable, Recording, SignPhoto, WhiteboardPhoto, WordDocument
from demo.stories import (
    DESMOND,
    JOYCELYN,
    Countersign,
    Judge,
    MakeStatements,
    On,
    Reopen,
    Returned,
    SignOff,
    Story,
    StoryEvidence,
    StoryPerson,
    Submit,
)
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind

GRANTLEY = "The Grantley Arms\nCastle Row, Merrow Quay"

WINSTON = Story(
    candidate=StoryPerson("Winston Clarke"),
    number="PR-25-0933",
    assessor=DESMOND,
    verifier=JOYCELYN,
    steps=[
        StoryEvidence(
            title="Personal statement: how I run the bar and reception of a small inn",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=182,
            files=[
                WordDocument(
                    name="My week at the Grantley Arms.docx",
                    sender="Winston Clarke",
                    heading="My week at the Grantley Arms",
                    paragraphs=[
                        "1. On Monday I check the bookings, order linen and see who is on holiday. If we are "
                        "one short I "
                        "ask the Castle Inn, who lend us somebody, and we do the same for them. The landlady "
                        "signs it off.",
                        "2. If the power goes, the procedure by the till tells me what to do: torches, paper "
                        "slips, no cards. I "
                        "may close the kitchen, but only the landlady may close the house.",
                        "3. Guests ask the same five things every day. Having the ferry times and the walking "
                        "map at hand "
                        "saves them a wait and saves me a queue.",
                        "4. Names and telephone numbers are kept in the booking system only. We delete them "
                        "after a year. "
                        "I never leave the book open on the desk, because the law does not allow others to "
                        "read it.",
                    ],
                    signed="W. Clarke",
                )
            ],
            claims="1.1 para 1; a para 2; b para 1; c para 3; d para 2; h para 4",
        ),
        StoryEvidence(
            title="Photo of the notice that I put up after guests kept asking about breakfast",
            kind=EvidenceKind.PHOTO,
            days_ago=170,
            files=[
                SignPhoto(
                    name="Breakfast notice.jpg",
                    words=["Good morning!", "Breakfast 7 to 10", "Early ferry? Ask for a box", "the evening before"],
                )
            ],
            claims="2.5; 2.7; 5b",
        ),
        StoryEvidence(
            title="Witness testimony of the landlady",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            days_ago=150,
            files=[
                WordDocument(
                    name="Testimony Mrs Kerridge.docx",
                    sender=GRANTLEY,
                    heading="Witness testimony for Winston Clarke",
                    paragraphs=[
                        "I have been Winston's employer for three years and see him at work every day.",
                        "In the storm week the card machine was down for two days. He took names and "
                        "addresses, wrote "
                        "out slips and every guest paid by post. Nobody left cross. In February, when there "
                        "were four guests in "
                        "the house, he went through all rooms with me and listed what needed doing.",
                        "He serves the bar and the desk at once on quiz nights: he always looks up, says how "
                        "long it "
                        "will be, and keeps to it. Regulars and strangers get the same welcome, and so does Mr "
                        "Loftus, "
                        "whom nobody else can please.",
                    ],
                    signed="Edith Kerridge, licensee",
                )
            ],
            claims="1.2 third paragraph; 1.3 second paragraph; 2.1 second paragraph; 2.2 second paragraph; "
            "2.3 third paragraph; 2.4 third paragraph; 4a; 4b third paragraph; 4c; 4d; 5a second paragraph",
        ),
        StoryEvidence(
            title="Complaints and comments book over two months, with what was done",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=140,
            until=80,
            location="Office of the Grantley Arms, red folder on the second shelf",
            relevance="The comments book that I keep: entries in my hand, with what I told the landlady and when",
            claims="2.6 entries 4, 9 and 11; 3.1 whole book; 3.3 entry 9; f entry 11; g",
        ),
        StoryEvidence(
            title="Cards that I asked guests to fill in, counted before and after the new breakfast times",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=120,
            until=90,
            files=[
                CardPhoto(
                    name="Card room 4.jpg",
                    printed="The Grantley Arms - a word before you go",
                    written=[
                        "Breakfast boxes: a very good idea.",
                        "We caught the 6.15 with time to spare.",
                        "Would come again.",
                        "",
                        "Room 4",
                    ],
                ),
                PaperTable(
                    name="Count of cards.pdf",
                    sender=GRANTLEY,
                    heading="What 40 guests said about breakfast",
                    columns=["Answer", "Before (20)", "After (20)"],
                    pages=[
                        [
                            ["Too late for me", "9", "1"],
                            ["About right", "8", "16"],
                            ["Did not take breakfast", "3", "3"],
                        ]
                    ],
                    note="I gave this count to Mrs Kerridge and to the kitchen on the first of the month.",
                ),
            ],
            claims="2.8 the count; 3.2 the count; 3.4 the note; 5c; e",
        ),
        Submit(),
        Judge(
            answers={
                (4, "3.3"): (
                    Outcome.NOT_YET,
                    "Entry 9 shows that you wrote it down, not that you found it again. Tell me "
                    "of a time when you looked something up while the guest waited.",
                ),
            }
        ),
        Returned(
            Capacity.ASSESSOR,
            "Nearly there, Winston. For B10.3.3 I need one occasion on which you looked something up for a "
            "guest while they "
            "waited. A short recording or a line from Mrs Kerridge will do.",
        ),
        StoryEvidence(
            title="Telephone call: I look up a booking and the ferry for a guest",
            kind=EvidenceKind.AUDIO,
            days_ago=61,
            files=[Recording(name="Call about the ferry.wav", seconds=48)],
            claims="3.3 0:12; 3.4 0:30",
        ),
        Submit(),
        Judge(),
        MakeStatements(),
        SignOff("The call settles B10.3.3. Well done."),
        Countersign("Sampled evidence 3, 5 and 6. I agree with the assessor."),
        On(20),
        Reopen(
            "At the standards meeting we found that evidence 4, the comments book, had not been seen at the "
            "workplace by anybody. "
            "Desmond, please look at it and say so; the rest stands."
        ),
        StoryEvidence(
            title="Photo of the comments book's list of open points, as seen at the inn",
            kind=EvidenceKind.PHOTO,
            days_ago=12,
            files=[
                WhiteboardPhoto(
                    name="Open points.jpg",
                    lines=[
                        "From the comments book",
                        "4  towels thin - told Mrs K, new ones Friday",
                        "9  ferry times wrong on board - changed",
                        "11 noise from yard - third time! told brewery",
                        "   brewery comes after 8 now",
                        "12 tea in rooms, please - asked, yes",
                    ],
                )
            ],
            claims="2.6 lines 4 and 5; 3.1",
        ),
        Submit(),
        Judge(),
        SignOff("I went to the inn and read the comments book there: entries 1 to 31, in Winston's hand."),
        Countersign("Seen. The point is settled."),
    ],
)
