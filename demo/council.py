"""The demo's council office and library: one unit submitted and waiting, one verified."""

from demo.files import CardPhoto, PaperTable, Recording, SignPhoto, TypedLetter, WordDocument
from demo.stories import (
    DESMOND,
    HELEN,
    OWEN,
    Confirm,
    Countersign,
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
from standards.evidence_kinds import EvidenceKind, Setting

COUNCIL_OFFICE = "Merrow Quay Town Council\nOne Stop Shop, Market Hall"
LIBRARY = "St Brannock Public Library\nConstitution Square"

CALLUM = Story(
    candidate=StoryPerson("Callum Reid"),
    number="PR-26-0324",
    assessor=HELEN,
    verifier=OWEN,
    steps=[
        StoryEvidence(
            title="Counter plan for the week that council tax bills went out",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=89,
            until=83,
            files=[
                PaperTable(
                    name="Counter plan.pdf",
                    sender=COUNCIL_OFFICE,
                    heading="Counter plan, billing week",
                    columns=["Day", "Counter 1", "Counter 2", "Got ready", "What happened"],
                    pages=[
                        [
                            [
                                0,
                                "Callum",
                                "Bev",
                                "Discount forms, large print bills, seat by the door",
                                "62 visitors, longest wait 14 minutes",
                            ],
                            [1, "Callum", "-", "As Monday", "Bev ill: I took tax only, parking asked to come at two"],
                            [2, "Callum", "Ravi", "As Monday, and a queue for payments", "80 visitors, 11 minutes"],
                        ],
                        [
                            [
                                3,
                                "Ravi",
                                "Callum",
                                "Hearing loop tested",
                                "System off 10 to 11: I wrote receipts by hand",
                            ],
                            [
                                4,
                                "Callum",
                                "-",
                                "Forms restocked",
                                "9 visitors. Rang back everyone from the hour without system",
                            ],
                        ],
                    ],
                )
            ],
            claims="1.1 page 1; 1.2 page 1; 1.3 page 1, second row; 2.1 page 1 and 2; 2.2 page 2; 5a page 2; b page 1",
        ),
        StoryEvidence(
            title="Letter to a resident about a discount that was left out",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=76,
            files=[
                TypedLetter(
                    name="Letter single person discount.pdf",
                    sender=COUNCIL_OFFICE,
                    to="Mrs O. Fairweather\n2 Ropewalk Cottages\nMerrow Quay",
                    pages=[
                        [
                            "Dear Mrs Fairweather,",
                            "You came to our counter on Tuesday about your bill. You have lived alone since "
                            "March and should pay a "
                            "quarter less. Your form reached us in April; it was put with another address. "
                            "That was our mistake, and I "
                            "am sorry that you had to come twice.",
                            "Your new bill is enclosed. You need do nothing else: the difference is taken off "
                            "your next payment.",
                            "You told me that the form does not say where to send it. You are the third to say "
                            "so. I have told the tax "
                            "office, and the new form has the address on both sides.",
                            "Yours sincerely,\nCallum Reid\nOne Stop Shop",
                        ]
                    ],
                )
            ],
            claims="2.3; 2.5 fourth paragraph; 2.6 fourth paragraph; 2.7 fourth paragraph; 3.2; 3.3 second "
            "paragraph; 3.4; 4b; 4c; 5b fourth "
            "paragraph; f fourth paragraph",
        ),
        StoryEvidence(
            title="Witness testimony of the supervisor",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            days_ago=52,
            files=[
                WordDocument(
                    name="Testimony supervisor.docx",
                    sender=COUNCIL_OFFICE,
                    heading="Witness testimony for Callum Reid",
                    paragraphs=[
                        "Callum has worked at the counter since last summer. I sit four metres away.",
                        "He sees who is waiting. When a parking question takes long he gives the next person "
                        "their form to begin with.",
                        "He asked sixty visitors what kept them longest. It was finding the right counter, so "
                        "he made the floor arrows. He "
                        "asked again a month later and six in sixty still went wrong, against twenty-three.",
                        "Visitors' files are entered the same day, and nothing is left on the desk.",
                    ],
                    signed="Moira Bannerman, supervisor",
                )
            ],
            claims="2.4 second paragraph; 2.8 third paragraph; 3.1 fourth paragraph; 4a; 4d; 5c third "
            "paragraph; e third paragraph; g",
        ),
        StoryEvidence(
            title="Fire drill and enquiry exercise on the induction day",
            kind=EvidenceKind.QUESTIONING,
            days_ago=160,
            setting=Setting.SIMULATION,
            files=[
                WordDocument(
                    name="Induction answers.docx",
                    sender=COUNCIL_OFFICE,
                    heading="Answers of C. Reid, induction exercise",
                    paragraphs=[
                        "1. Alarm: I lock the cash drawer, take the visitors' list and lead people out by the "
                        "Market side.",
                        "2. Somebody asks about a neighbour's bill: I may not say anything, not even whether "
                        "there is one. Data protection law.",
                        "3. Why must the tax table be the new one? Because people decide about their money on "
                        "what I tell them.",
                        "4. An enquiry goes: greet, ticket, system, answer, note. What I cannot answer goes to "
                        "the back office the same day.",
                    ],
                )
            ],
            claims="a para 1; c para 3; d para 4; h para 2",
        ),
        On(9),
        Submit(),
    ],
)

ROSALIND = Story(
    candidate=StoryPerson("Rosalind Grey"),
    number="PR-26-0031",
    assessor=HELEN,
    verifier=OWEN,
    confirms=DESMOND,
    steps=[
        StoryEvidence(
            title="Reading week: what I prepared and how it went",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=150,
            until=144,
            files=[
                PaperTable(
                    name="Reading week plan.pdf",
                    sender=LIBRARY,
                    heading="Reading week at the issue desk",
                    columns=["Day", "Planned", "Prepared", "As it went"],
                    pages=[
                        [
                            [0, "Class 3B, 28 children", "Cards printed, two boxes of books", "On time"],
                            [
                                1,
                                "Two classes",
                                "Second trolley",
                                "Three classes came: I gave the third the story corner",
                            ],
                            [2, "Open day", "Leaflets in three languages", "41 new members, queue of 12 at most"],
                        ],
                        [
                            [3, "Class 5A", "Cards printed", "Rain, nobody: mended 30 books with the volunteers"],
                            [
                                4,
                                "Class 2C",
                                "Cards printed",
                                "Printer broke: wrote cards by hand, posted them printed on Monday",
                            ],
                        ],
                    ],
                    note="Plan and notes: R. Grey",
                )
            ],
            claims="1.1 page 1; 1.2 page 1; 1.3 page 1, second row; 2.1 page 1 and 2; 2.2 page 2; 4d page 1, "
            "third row; 5a page 2",
        ),
        StoryEvidence(
            title="Observation at the issue desk on a pension day",
            kind=EvidenceKind.OBSERVATION,
            days_ago=118,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Observation issue desk.docx",
                    sender="Pelican Reach Skills Centre\nAssessor's observation",
                    heading="Observation: R. Grey, issue desk",
                    paragraphs=[
                        "1. Mr Babb, who comes daily, wanted yesterday's paper; found at once. Pleasant and brief.",
                        "2. A lady insisted that she had returned a book. Rosalind looked it up, checked the "
                        "shelf with her and found it there. "
                        "She apologised, cleared the fine and thanked the lady for her patience, of which "
                        "there had been little.",
                        "3. With four waiting she issued for two at once and told the others how long.",
                        "4. A student asked for the census of 1911. Rosalind knew the cabinet, the drawer and "
                        "the copying rule.",
                    ],
                    signed="H. Prowse, assessor",
                )
            ],
            claims="2.3 para 1 and 4; 2.4 para 3; 2.5 para 2; 3.3 para 2 and 4; 4a para 1; 4b para 2; 4c para 1",
        ),
        StoryEvidence(
            title="Suggestion cards on opening hours and the trial of late Thursdays",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=97,
            until=62,
            files=[
                CardPhoto(
                    name="Suggestion 31.jpg",
                    printed="St Brannock Public Library - what could be better?",
                    written=[
                        "Could you open late ONE evening?",
                        "I finish work at five and you",
                        "close at five. Every week I run!",
                        "",
                        "D. Springer, ticket 2207",
                    ],
                ),
                TypedLetter(
                    name="Note to the librarian.pdf",
                    sender=LIBRARY,
                    to="The Librarian",
                    pages=[
                        [
                            "Nine cards since the new year ask for a late evening, all from people in work. I "
                            "asked everyone at the desk for a "
                            "fortnight: 61 of 140 would come on a Thursday.",
                            "We tried it for five Thursdays. I counted visitors each time: 12, 19, 27, 31, 30. "
                            "Issues on Thursdays are up by a third.",
                            "One thing to change: the bus leaves at 7.05, so I propose that we close at 7 and "
                            "not at half past. Cards that "
                            "concern only one person I answered myself; they are in the folder.",
                            "Rosalind Grey",
                        ]
                    ],
                ),
            ],
            claims="2.6 note; 2.7 note, second paragraph; 2.8 note, second and third paragraph; 3.2 note; 3.4 "
            "note; 5b card; 5c note; e note; f note",
        ),
        StoryEvidence(
            title="Members' register: joining, renewing and deleting",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=80,
            until=66,
            location="Library system, St Brannock Public Library; ask for the duty librarian",
            relevance="My entries of two weeks under the name RGREY: 41 joined, 12 renewed, 7 deleted at the "
            "member's wish",
            claims="3.1 entries under RGREY; g",
        ),
        StoryEvidence(
            title="Discussion on procedures, cover and the law",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=43,
            by=Capacity.ASSESSOR,
            files=[Recording(name="Discussion with Rosalind.wav", seconds=96)],
            claims="a 0:05; b 0:27; c 0:48; d 1:02; g 1:15; h 1:24",
        ),
        StoryEvidence(
            title="Photo of the late opening sign",
            kind=EvidenceKind.PHOTO,
            days_ago=58,
            files=[
                SignPhoto(
                    name="Late Thursday.jpg",
                    words=["Public Library", "LATE THURSDAYS", "open until 7 pm", "because you asked"],
                )
            ],
            claims="2.7; 5b",
        ),
        Submit(),
        Judge(),
        MakeStatements(),
        SignOff("Rosalind's trial of late Thursdays shows the whole of B10.2 in one go."),
        Confirm("Read with Helen, one evidence after the other. I come to the same judgements."),
        Countersign("Sampled evidence 2, 3 and 4, the register at the library itself. Sound assessment, agreed."),
    ],
)
