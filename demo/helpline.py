"""The demo's helplines: one unit returned to the candidate, one reopened and in work again."""

from assessments.models import Outcome
from demo.files import Mail, PaperTable, Recording, Spreadsheet, WhiteboardPhoto, WordDocument
from demo.stories import (
    DESMOND,
    HELEN,
    OWEN,
    AcceptWitness,
    AskWitness,
    Confirm,
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
    TellFeedback,
    WitnessAnswers,
)
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind, Setting

LIGHT = "Brannock Light and Power\nCustomer contact centre"

PRIYA = Story(
    candidate=StoryPerson("Priya Ramdeen"),
    number="PR-26-0288",
    assessor=HELEN,
    verifier=OWEN,
    steps=[
        StoryEvidence(
            title="Call with a customer whose water was off, with her permission",
            kind=EvidenceKind.AUDIO,
            days_ago=66,
            files=[Recording(name="Call 4471.wav", seconds=64)],
            claims="2.3 0:15; 2.5 0:22; 3.3 0:38; 4b 0:05; 4c 0:12",
        ),
        StoryEvidence(
            title="My call log for the week of the burst main",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=60,
            until=54,
            files=[
                Spreadsheet(
                    name="Calls burst main.csv",
                    columns=["Day", "Calls", "Longest wait (min)", "Note"],
                    rows=[
                        [0, "41", "3", "as usual"],
                        [1, "138", "19", "main burst at Rectory Lane 6.10; recorded message put on 6.30"],
                        [2, "121", "11", "moved my e-mail hour to the evening, team leader agreed"],
                        [3, "77", "5", "called back the 14 who had hung up"],
                        [6, "38", "2", "quiet: checked the addresses for the tanker list"],
                    ],
                )
            ],
            claims="1.1; 1.3 rows 2 and 3; 2.1 rows 2 and 5; 2.2 row 2; 3.1; 3.2; 5a row 4",
        ),
        StoryEvidence(
            title="E-mail to the network team about repeated calls from one street",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=47,
            files=[
                Mail(
                    name="Rectory Lane.eml",
                    sender="Priya Ramdeen <helpline@islandwater.example>",
                    to="Network team <network@islandwater.example>",
                    subject="Rectory Lane: seven calls in eight days, brown water in the morning",
                    paragraphs=[
                        "Good afternoon,",
                        "Seven households in Rectory Lane have rung since last Monday. All say the water is "
                        "brown until about "
                        "eight and clear after that. House numbers and times are in the sheet; no names, as "
                        "you do not need them.",
                        "Two of them have small children and I have sent bottled water as the procedure allows.",
                        "Could you flush the end of the main? I will ring all seven the day after.",
                        "Priya",
                    ],
                )
            ],
            claims="2.6; 2.7; 2.8; 3.4; c; f",
        ),
        StoryEvidence(
            title="What I know about procedures, cover and data",
            kind=EvidenceKind.PERSONAL_STATEMENT,
            days_ago=35,
            files=[
                WordDocument(
                    name="Statement Priya.docx",
                    sender="Priya Ramdeen",
                    heading="Procedures, cover and data at the helpline",
                    paragraphs=[
                        "1. In an emergency the team leader opens the red folder. I answer, log and do not "
                        "promise times.",
                        "2. With two of six away we stop outgoing calls. I can swap shifts, the team leader signs.",
                        "3. Every call has a number, a reason and an end. I find it by meter number.",
                        "4. We delete recordings after ninety days. I ask before I keep one longer, as for "
                        "this portfolio.",
                    ],
                    signed="P. Ramdeen",
                )
            ],
            claims="a para 1; b para 2; d para 3; g para 3; h para 4",
        ),
        StoryEvidence(
            title="Role play with a caller who shouts, on the induction course",
            kind=EvidenceKind.AUDIO,
            days_ago=140,
            setting=Setting.SIMULATION,
            files=[Recording(name="Role play.wav", seconds=28)],
            claims="e 0:14",
        ),
        On(20),
        Submit(),
        Judge(
            pieces=[1, 2, 3],
            answers={
                (2, "1.1"): (
                    Outcome.NOT_YET,
                    "The sheet shows how the week went. Show me what you planned and got ready before it: the "
                    "shift plan or your notes.",
                ),
                (3, "2.8"): (
                    Outcome.PARTLY,
                    "You say that you will ring all seven. Add what they told you, and it is met.",
                ),
            },
        ),
        On(12),
        Returned(
            Capacity.ASSESSOR,
            "A good start, Priya, and the e-mail about Rectory Lane is just what is wanted. Three things are "
            "missing: what you prepared "
            "before a busy week (B10.1.1), how you share your time between callers (B10.1.2 and B10.2.4), and "
            "feedback that you asked for "
            "yourself (5c), with customers who are new and easy to deal with (4a, 4d). Shall we talk on "
            "Thursday at three?",
        ),
        StoryEvidence(
            title="Photo of our board with the shifts that I planned for the holiday week",
            kind=EvidenceKind.PHOTO,
            days_ago=6,
            files=[
                WhiteboardPhoto(
                    name="Board.jpg",
                    lines=[
                        "Holiday week - plan PR",
                        "Mon  4 on calls, 1 on e-mail",
                        "Tue  bills go out! 5 on calls till 2",
                        "Wed  Anil off, swap with me",
                        "Thu  tanker list checked, phones charged",
                        "Fri  back to normal",
                    ],
                )
            ],
            claims="1.1; 1.2 line for Tuesday",
        ),
        On(5),
        AskWitness(
            name="Kelvin Joseph",
            email="kelvin.joseph@islandwater.example",
            words="Kelvin, please say what you saw me do when the bills went out: how I shared my time, and who rang.",
            saw="1.2; 2.4",
        ),
        On(4),
        WitnessAnswers(
            name="Kelvin Joseph",
            role="Shift leader, twelve years at the helpline",
            contact="kelvin.joseph@islandwater.example",
            is_expert=True,
            place="The helpline, at the desk beside hers",
            days_ago=6,
            words="The bills went out on Tuesday and everybody rang at once. Priya had five of us on calls before the "
            "first one came. A man who did not understand his bill took her twenty minutes; she told the two who "
            "waited how long it would be, rang both back before noon, and never sounded hurried.",
            claims="1.2; 2.4 third sentence",
        ),
        On(3),
        AcceptWitness(
            "Kelvin Joseph", "Twelve years on the helpline, the last five as shift leader; he trains those who begin."
        ),
        TellFeedback(
            "The log of the burst main is sound work, Priya: what is met there stays met. Kelvin's testimony is just "
            "what I asked for. What you still need is feedback that you asked for yourself (5c)."
        ),
        AskWitness(
            name="Moira Bannerman",
            words="Mrs Bannerman, I rang you back about your meter. Would you say in a few words how that went?",
            saw="3.3; 3.4",
        ),
    ],
)

AISHA = Story(
    candidate=StoryPerson("Aisha Khan"),
    number="PR-25-0871",
    assessor=HELEN,
    verifier=OWEN,
    confirms=DESMOND,
    steps=[
        StoryEvidence(
            title="Shift handover sheets that I wrote in the storm season",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=175,
            until=120,
            files=[
                PaperTable(
                    name="Handover sheets.pdf",
                    sender=LIGHT,
                    heading="Handover sheets, late shift",
                    columns=["Date", "What was ready", "What came", "What I changed"],
                    pages=[
                        [
                            [
                                0,
                                "Outage map, call-back list, spare headset",
                                "Quiet",
                                "Called the ten oldest call-backs",
                            ],
                            [
                                21,
                                "As above, and script for meter change",
                                "112 calls, lines down in the north",
                                "Two from billing on calls",
                            ],
                        ],
                        [
                            [22, "As above", "System down 2 hours", "Paper slips 1 to 46, entered by midnight"],
                            [40, "As above", "Three new meters, new customers", "Welcome call for each next day"],
                        ],
                    ],
                    note="Sheets are kept with the shift leader for two years.",
                )
            ],
            claims="1.1 page 1; 1.2 page 1; 1.3 page 1, second row; 2.1 page 1; 2.2 page 2; 3.1 page 2; 4d "
            "page 2; 5a page 2; g",
        ),
        StoryEvidence(
            title="Recorded call: a bill that could not be right",
            kind=EvidenceKind.AUDIO,
            days_ago=133,
            files=[Recording(name="Call about a bill.wav", seconds=104)],
            claims="2.3 1:20; 2.4 0:50; 2.5 0:22; 3.3 1:02; 3.4 1:31; 4b 0:18; 4c 0:09",
        ),
        StoryEvidence(
            title="Team leader's testimony",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            days_ago=101,
            files=[
                WordDocument(
                    name="Testimony team leader.docx",
                    sender=LIGHT,
                    heading="Witness testimony for Aisha Khan",
                    paragraphs=[
                        "Aisha noticed before any of us that people in Castle Row rang at the same hour each "
                        "evening. She put nine calls together, "
                        "told the network desk, and rang the nine afterwards. The fault was a loose joint.",
                        "She asked every caller for a month whether the new menu on the telephone helped. It "
                        "did not, and she said so to me with "
                        "the count. We took two steps out of it. She counted again: half as many hung up.",
                        "The easy calls get the same care from her as the hard ones.",
                    ],
                    signed="Hugh Tennant, team leader",
                )
            ],
            claims="2.6 first paragraph; 2.7 second paragraph; 2.8 second paragraph; 3.2 second paragraph; 4a "
            "third paragraph; "
            "5b first paragraph; 5c second paragraph; e second paragraph; f",
        ),
        StoryEvidence(
            title="Discussion about outages, cover and the data that we hold",
            kind=EvidenceKind.PROFESSIONAL_DISCUSSION,
            days_ago=84,
            by=Capacity.ASSESSOR,
            files=[Recording(name="Discussion with Aisha.wav", seconds=90)],
            claims="a 0:06; b 0:20; c 0:37; d 0:55; h 1:14",
        ),
        Submit(),
        Judge(),
        MakeStatements(),
        SignOff("Aisha thinks of the next caller while she helps this one."),
        Confirm("Looked through with Helen; I confirm her decision."),
        Countersign("Evidence 2 and 3 sampled, and agreed."),
        On(16),
        Reopen(
            "The licence to keep call recordings for training ran out before evidence 2 was made, so the centre "
            "may not hold it. Please show "
            "the same criteria with other evidence; everything else stands."
        ),
        StoryEvidence(
            title="Letters and notes on the same customer's bill, in place of the recording",
            kind=EvidenceKind.CASE_HISTORY,
            days_ago=8,
            files=[
                WordDocument(
                    name="Case of the bill.docx",
                    sender="Aisha Khan",
                    heading="Case history: a bill that could not be right",
                    paragraphs=[
                        "1. A customer of many years rang, very upset, about a bill four times the usual. Two "
                        "more calls were waiting; I "
                        "told him so, asked for two minutes and took both numbers for a call back.",
                        "2. I found the reading in the meter history: two digits changed round. I said what "
                        "had happened and that it was our mistake.",
                        "3. The same day I wrote to him with the right bill and rang to make sure that he had it.",
                    ],
                    signed="A. Khan",
                )
            ],
            claims="2.3 para 3; 2.4 para 1; 2.5 para 2; 3.3 para 2; 3.4 para 3; 4b para 1; 4c para 1",
        ),
    ],
)
