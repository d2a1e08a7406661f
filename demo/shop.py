"""The demo's shops: one candidate collecting, one judged but not signed off."""

from assessments.models import Outcome
from demo.files import CardPhoto, PaperTable, Recording, Spreadsheet, TypedLetter, WhiteboardPhoto, WordDocument
from demo.stories import (
    DESMOND,
    JOYCELYN,
    Judge,
    MakeStatements,
    Observe,
    On,
    PlannedLine,
    PlanOrReview,
    Story,
    StoryEvidence,
    StoryPerson,
    Submit,
)
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind, Setting

SAVANNAH = "Savannah Foods Supermarket\nCustomer service desk, Queen's Park"

LEON = Story(
    candidate=StoryPerson("Leon Carrington"),
    number="PR-26-0391",
    assessor=DESMOND,
    verifier=JOYCELYN,
    steps=[
        StoryEvidence(
            title="Trade counter: what I get ready on a delivery day",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=58,
            files=[
                WordDocument(
                    name="Delivery day.docx",
                    sender="Leon Carrington",
                    heading="What I get ready on a delivery day",
                    paragraphs=[
                        "1. The lorry comes at 6.30 on Tuesdays. The evening before I print the orders that "
                        "builders "
                        "collect and stand them by bay number, so nobody has to wait while I look.",
                        "2. I keep one till for people who want one thing. The long paint jobs go to the other.",
                        "3. When Kemar was on leave I did his bay too. I asked Mr Gittens to move the key "
                        "cutting to the "
                        "afternoon, because it stops everything else.",
                    ],
                    signed="L. Carrington",
                )
            ],
            claims="1.1 para 1; 1.2 para 2; 1.3 para 3; b para 3",
        ),
        StoryEvidence(
            title="Photo of the collection board on a Tuesday",
            kind=EvidenceKind.PHOTO,
            days_ago=51,
            files=[
                WhiteboardPhoto(
                    name="IMG_0412.jpg",
                    lines=[
                        "Collections Tuesday",
                        "Bay 1  Forde Builders - cement 40, ties",
                        "Bay 2  Mrs Alleyne - blue paint 3",
                        "Bay 3  school - 12 locks (urgent!)",
                        "Bay 4  empty: Yearwood, lorry short",
                        "      rang them 7.05, back Thursday",
                    ],
                )
            ],
            claims="1.1; 2.2 bay 4",
        ),
        StoryEvidence(
            title="Letter from a customer whose order came short",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=39,
            files=[
                TypedLetter(
                    name="Letter from Mr Yearwood.pdf",
                    sender="Yearwood & Daughter, Joiners\nRectory Lane, St Brannock",
                    to="The Manager\nTradewind Hardware\nHarbour Road",
                    pages=[
                        [
                            "Dear Sir or Madam,",
                            "Two weeks ago my order of hinges came short, and I was not pleased, as your Mr "
                            "Carrington "
                            "will tell you. I write because of what he did then. He rang me at five past "
                            "seven, before I "
                            "had set off, found eight hinges of the same pattern in your other shop and sent "
                            "them "
                            "with the afternoon van.",
                            "I have dealt with your firm for eleven years and was never rung before I found "
                            "out myself.",
                            "Yours faithfully,\nB. Yearwood",
                        ]
                    ],
                )
            ],
            claims="2.2; 2.3; 4b; 4c; 5a",
        ),
        StoryEvidence(
            title="Training evening: acting out complaints with colleagues",
            kind=EvidenceKind.QUESTIONING,
            days_ago=30,
            setting=Setting.SIMULATION,
            files=[
                WordDocument(
                    name="Training evening answers.docx",
                    sender="Tradewind Hardware\nStaff training",
                    heading="Answers of L. Carrington after the role play",
                    paragraphs=[
                        "1. What may you give back without asking? Up to 50 dollars with a receipt; above that "
                        "Mr Gittens.",
                        "2. Which comments do you pass on? All that come twice, and anything about safety at once.",
                        "3. What may you write in the customer book? Name, number and what they ordered. "
                        "Nothing of their card.",
                    ],
                )
            ],
            claims="a para 1; e para 2; h para 3",
        ),
        Judge(
            pieces=[1, 2, 3],
            answers={
                (1, "1.2"): (
                    Outcome.PARTLY,
                    "Two tills is a good start. “Consistently” is more than one day: bring a busy Saturday too.",
                ),
                (2, "1.1"): (
                    Outcome.NOT_YET,
                    "The photo shows the board but not that you drew it up. A line from Mr Gittens would settle it.",
                ),
            },
        ),
        StoryEvidence(
            title="Call to a supplier to find out where a customer's tiles were",
            kind=EvidenceKind.AUDIO,
            days_ago=9,
            files=[Recording(name="Tiles for Mrs Alleyne.wav", seconds=36)],
            claims="3.3 0:10; 3.4 0:24; 4a",
        ),
        Observe(
            days_ago=6,
            place="Trade counter of Tradewind Hardware",
            present="Mr Gittens, who runs the counter",
            seen="10:05 Two builders came at once. Leon gave the first his order, which stood ready by bay number, and "
            "told the second how long it would take.\n\n"
            "10:20 A customer's tiles were not in. Leon said so before he was asked, rang the supplier while she stood "
            "there, and gave her a day.\n\n"
            "10:40 He wrote the day into the customer book and told Kemar, who has the counter tomorrow.",
            met="2.1 10:05; 2.3 10:20",
        ),
        PlanOrReview(
            kind="plan",
            words=[
                "The counter is busiest on Saturdays. Most weeks a delivery is late: there will be a customer to tell.",
                "Leon writes slowly and would rather talk: what he knows is asked, and recorded.",
                "Desmond records what he sees and Leon reads it the same day. How to appeal is in the handbook.",
            ],
            lines=[
                PlannedLine(
                    in_days=5,
                    method=EvidenceKind.OBSERVATION,
                    place="Trade counter of Tradewind Hardware",
                    bring="The bay list of that day.",
                    codes="1.1 1.2 2.2",
                ),
                PlannedLine(
                    in_days=12,
                    method=EvidenceKind.PROFESSIONAL_DISCUSSION,
                    place="Training room",
                    bring="The customer book, to talk about two entries of your choice.",
                    codes="4a",
                ),
            ],
            agreed="Saturday is best, after ten.",
        ),
        PlanOrReview(
            kind="review",
            words=[
                "The observation went well. The photo of the board still needs a line from Mr Gittens.",
                "You tell customers what you know before they ask. Show now that you do it on busy days too.",
                "It goes well. The Saturday rota changes next month.",
                "Talking instead of writing works.",
                "Leon asks Mr Gittens this week.",
            ],
            lines=[PlannedLine(in_days=6, text="Ask Mr Gittens for a line that you drew up the board yourself.")],
            next_review=27,
        ),
    ],
)

SHANICE = Story(
    candidate=StoryPerson("Shanice Alleyne"),
    number="PR-26-0212",
    assessor=DESMOND,
    verifier=JOYCELYN,
    steps=[
        StoryEvidence(
            title="Customer service desk log for the fortnight before the harvest festival",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=128,
            until=114,
            files=[
                PaperTable(
                    name="Desk log.pdf",
                    sender=SAVANNAH,
                    heading="Customer service desk log",
                    columns=["Date", "Time", "What the customer said", "What I did", "Told"],
                    pages=[
                        [
                            [0, "10.05", "Ham smaller than the label says", "Weighed it, exchanged it", "Deli"],
                            [
                                0,
                                "16.40",
                                "Queue to the door, lady with baby",
                                "Opened the desk as a till, fetched her forward",
                                "Supervisor",
                            ],
                            [
                                3,
                                "9.15",
                                "Sorrel sold out again",
                                "Took four names, rang all four when it came",
                                "Buying",
                            ],
                            [
                                6,
                                "18.20",
                                "Card machine down, 30 waiting",
                                "Announced it, cash lane and a lane to hold trolleys",
                                "Supervisor",
                            ],
                        ],
                        [
                            [
                                9,
                                "11.30",
                                "Label on hams wrong, third time",
                                "Pulled the batch, wrote to the deli",
                                "Deli, manager",
                            ],
                            [12, "8.10", "Nobody about, very quiet", "Called the ten oldest open orders", "-"],
                            [14, "12.00", "No wrong labels since", "Closed the point", "Manager"],
                        ],
                    ],
                    note="Entries in this log are mine (SA). It is kept in the desk drawer and entered on Fridays.",
                )
            ],
            claims="1.3 page 1; 2.1 page 1 and 2; 2.2 page 1, last row; 2.4 page 1, second row; 2.6 page 2; "
            "2.7 page 2; 2.8 page 2, last row; "
            "3.1 both pages; 4b page 1; 5b page 2",
        ),
        StoryEvidence(
            title="Observation on a Friday evening at the desk",
            kind=EvidenceKind.OBSERVATION,
            days_ago=88,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Observation desk Friday.docx",
                    sender="Pelican Reach Skills Centre\nAssessor's observation",
                    heading="Observation: S. Alleyne, customer service desk",
                    paragraphs=[
                        "1. Shanice had change, forms, the price file and the phone list to hand before the "
                        "doors opened at four.",
                        "2. An elderly gentleman came for his weekly lottery and a chat; she gave him both and "
                        "nodded to the next customer meanwhile.",
                        "3. A couple new to the area asked about delivery. She found the leaflet, wrote down "
                        "the "
                        "days for their street and took their order.",
                        "4. A lady complained loudly about a blender. Shanice found the sale in the system in "
                        "under a minute "
                        "and exchanged it. The lady apologised for shouting.",
                    ],
                    signed="D. Achong, assessor",
                )
            ],
            claims="1.1 para 1; 1.2 para 1 and 2; 2.3; 2.4 para 2; 2.5 para 4; 3.3 para 4; 4a para 2; 4c para "
            "2; 4d para 3; 5a para 4",
        ),
        StoryEvidence(
            title="Card survey on the bread counter that I asked for, and what came of it",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=70,
            until=56,
            files=[
                CardPhoto(
                    name="Bread card 14.jpg",
                    printed="Savannah Foods - two minutes for us?",
                    written=[
                        "Bread is fine but always gone by 5.",
                        "People who work come AFTER 5!",
                        "",
                        "Thanks for asking, that is new.",
                    ],
                ),
                Spreadsheet(
                    name="Bread cards.csv",
                    columns=["Day", "Cards", "Gone too early", "Other", "Loaves left at 6 pm"],
                    rows=[
                        [0, "12", "8", "4", "0"],
                        [3, "9", "6", "3", "0"],
                        [7, "11", "2", "9", "14"],
                        [10, "10", "1", "9", "9"],
                        [14, "8", "0", "8", "6"],
                    ],
                ),
            ],
            claims="2.7 the table, from the second week; 2.8 the table; 3.2 the table; 5c; e",
        ),
        StoryEvidence(
            title="Reflective account: feedback, records and the law",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=40,
            files=[
                WordDocument(
                    name="What I know.docx",
                    sender="Shanice Alleyne",
                    heading="Feedback, records and the law",
                    paragraphs=[
                        "1. In a hurricane warning the duty manager decides when we close. My part is the "
                        "announcement, the doors "
                        "and the people who need help to their car.",
                        "2. When two of us are off sick the desk comes before stacking. I may ask for one "
                        "person from the floor; "
                        "more than that the supervisor decides.",
                        "3. A wrong price costs the customer money and us a customer. That is why the price "
                        "file is changed before the shelf is.",
                        "4. I pass on feedback on Mondays in the five-minute meeting, with numbers, and in "
                        "writing where it concerns the deli.",
                        "5. Orders are in the desk system by telephone number. Under the Data Protection Act "
                        "we keep what we need, only for as "
                        "long as we need it, and show it to the customer who asks.",
                    ],
                    signed="S. Alleyne",
                )
            ],
            claims="3.4 para 4; a para 1; b para 2; c para 3; d para 1 and 2; f para 4; g para 5; h para 5",
        ),
        On(5),
        Submit(),
        Judge(
            answers={
                (1, "2.8"): (
                    Outcome.PARTLY,
                    "One check after a fortnight. The bread counter shows it better, so the criterion is met there.",
                ),
            }
        ),
        On(2),
        MakeStatements(),
    ],
)
