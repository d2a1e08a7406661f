"""The demo's hotel: one candidate who has just begun, one whose unit waits for the verifier."""

from demo.files import CardPhoto, Mail, PaperTable, Recording, TypedLetter, WordDocument
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

FRANGIPANI = "Frangipani Hotel\nBay Street, Port Brannock"

TAMIKA = Story(
    candidate=StoryPerson("Tamika Joseph"),
    number="PR-26-0418",
    assessor=DESMOND,
    verifier=JOYCELYN,
    registered=5,
)

MARCUS = Story(
    candidate=StoryPerson("Marcus Obi"),
    number="PR-26-0107",
    site="Frangipani Hotel",
    cohort="Spring 2026",
    uln="1000000043",
    target=-6,
    assessor=DESMOND,
    verifier=JOYCELYN,
    steps=[
        StoryEvidence(
            title="Arrivals plan and desk rota for the regatta weekend, which I drew up",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=96,
            until=93,
            files=[
                PaperTable(
                    name="Regatta weekend arrivals and rota.pdf",
                    sender=FRANGIPANI,
                    heading="Regatta weekend: arrivals and who is on the desk",
                    columns=["Day", "Arrivals", "Groups and wishes", "Desk 7 to 3", "Desk 3 to 11"],
                    pages=[
                        [
                            [
                                0,
                                "22",
                                "Yacht club, 12 rooms together, keys in envelopes by noon",
                                "Marcus, Jo",
                                "Renée",
                            ],
                            [
                                1,
                                "31",
                                "Two families with cots; one guest uses a wheelchair: room 104",
                                "Marcus",
                                "Renée, Tam",
                            ],
                            [2, "14", "Late check-out promised to yacht club until 1 pm", "Jo, Tam", "Marcus"],
                            [3, "6", "Coach to airport 5.30 am, breakfast boxes", "Marcus", "Jo"],
                        ],
                        [
                            [
                                1,
                                "-",
                                "CHANGE: Jo sick. I moved Tam to 7 to 3 and asked Renée to start at 1",
                                "Marcus, Tam",
                                "Renée",
                            ],
                            [
                                1,
                                "-",
                                "CHANGE: ferry late, 9 guests at 11.40 pm. I stayed until they were in",
                                "",
                                "Renée, Marcus",
                            ],
                        ],
                    ],
                    note="Page 2 shows what I changed on the day. Printed for the desk folder. M. Obi",
                )
            ],
            claims="1.1 page 1; 1.2 page 1; 1.3 page 2; 2.1 page 2; 2.2 page 2, Jo's sickness; 5a page 2; b page 2",
        ),
        StoryEvidence(
            title="Observation of Marcus at the front desk on a Saturday morning, 7.30 to 9.15",
            kind=EvidenceKind.OBSERVATION,
            days_ago=71,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Observation front desk.docx",
                    sender="Pelican Reach Skills Centre\nAssessor's observation",
                    heading="Observation: M. Obi, front desk",
                    paragraphs=[
                        "1. 7.40: Two check-outs and a guest asking for a taxi at once. Marcus greeted all "
                        "three, rang "
                        "for the taxi while the first card payment went through, and told the third how long "
                        "it would be.",
                        "2. 8.05: Mr Haynes, who stays every month, was unhappy that his usual room was taken. "
                        "Marcus "
                        "listened, did not argue, found the note in the guest history and offered room 212 "
                        "with the "
                        "same view. Mr Haynes left content.",
                        "3. 8.30: New guests, first time on the island. Clear directions, map marked, "
                        "breakfast "
                        "times explained without being asked.",
                        "4. 8.50: A guest said the shower was cold again. Marcus looked in the log, saw two "
                        "more for "
                        "that floor, rang maintenance and entered it under its own number.",
                    ],
                    signed="D. Achong, assessor",
                )
            ],
            claims="2.3 para 1 and 3; 2.4 para 1; 2.5 para 2; 2.6 para 4; 3.3 para 2; 4a para 3; 4b para 2; 4c "
            "para 2; "
            "4d para 3",
        ),
        StoryEvidence(
            title="Comment card about the lifts and what I did about the queue at check-out",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=64,
            until=50,
            files=[
                CardPhoto(
                    name="IMG_2207.jpg",
                    printed="Frangipani Hotel - how was your stay?",
                    written=[
                        "Lovely room & kind people at the desk.",
                        "But 25 minutes to check OUT on",
                        "Sunday!! We nearly missed the ferry.",
                        "Could one not pay the night before?",
                        "",
                        "Room 118, Mr & Mrs Trotman",
                    ],
                ),
                TypedLetter(
                    name="Letter to Mr and Mrs Trotman.pdf",
                    sender=FRANGIPANI,
                    to="Mr and Mrs R. Trotman\n4 Almond Terrace\nSt Brannock",
                    pages=[
                        [
                            "Dear Mr and Mrs Trotman,",
                            "Thank you for the card you left with us. You waited twenty-five minutes to check "
                            "out on "
                            "Sunday and you were right to tell us: that is too long, and I am sorry.",
                            "Since then guests who leave on a Sunday can settle their bill the evening before. "
                            "I asked "
                            "every departing guest for two weeks how long they had waited. On the first Sunday "
                            "the "
                            "longest wait was nine minutes, on the second six.",
                            "I hope we can show you next time you stay.",
                            "Yours sincerely,\nMarcus Obi\nFront desk",
                        ]
                    ],
                ),
            ],
            claims="2.5 letter; 2.7 letter, third paragraph; 2.8 letter, third paragraph; 5b the card; 5c "
            "letter, two-week count; "
            "e letter",
        ),
        StoryEvidence(
            title="Guest history and maintenance log: how I enter, find and pass on information",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=45,
            until=38,
            files=[
                PaperTable(
                    name="Maintenance log third floor.pdf",
                    sender=FRANGIPANI,
                    heading="Maintenance log, third floor (guest names removed)",
                    columns=["Date", "No.", "Room", "Reported", "Entered by", "Done"],
                    pages=[
                        [
                            [0, "3-118", "306", "Shower runs cold after five minutes", "MO", "Same day"],
                            [
                                2,
                                "3-121",
                                "309",
                                "Shower cold again. Third this month: told Mrs Payne and chief engineer",
                                "MO",
                                "Valve ordered",
                            ],
                            [5, "3-126", "304", "Shower cold. Linked to 3-118 and 3-121", "MO", "Valve fitted"],
                            [7, "3-130", "-", "No reports for two days, asked 306 and 309: both hot", "MO", "Closed"],
                        ]
                    ],
                    note="Kept in the desk system for two years; card numbers and passports are never entered here.",
                ),
                Mail(
                    name="To the chief engineer.eml",
                    sender="Marcus Obi <desk@frangipani.example>",
                    to="Chief engineer <engineer@frangipani.example>",
                    subject="Third floor showers: three reports, one cause?",
                    paragraphs=[
                        "Dear Clyde,",
                        "Attached is the log for the third floor. Rooms 304, 306 and 309 all lose hot water "
                        "after about "
                        "five minutes, always between 7 and 9. I have put the reports under one number so you "
                        "can "
                        "see them together. Guests in 309 have been moved to 215.",
                        "Marcus",
                    ],
                ),
            ],
            claims="2.6 rows 2 and 3; 3.1 whole log; 3.2 e-mail; 3.4 e-mail; f e-mail; g",
        ),
        StoryEvidence(
            title="Professional discussion on procedures, cover for absence and data protection",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=24,
            by=Capacity.ASSESSOR,
            files=[Recording(name="Discussion with Marcus.wav", seconds=112)],
            claims="a 0:08; c 0:31; d 0:52; h 1:20",
        ),
        Judge(pieces=[1, 2]),
        On(14),
        Submit(),
        Judge(),
        MakeStatements(),
        On(9),
        SignOff(
            "Marcus plans ahead and keeps calm when the plan goes wrong; the regatta weekend shows both. A "
            "strong portfolio."
        ),
    ],
)
