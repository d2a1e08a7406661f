"""The demo's resort, on CVQ level 2: six units at every stage, and one set aside."""

from assessments.models import Outcome
from demo.files import CardPhoto, KeptRecording, Mail, PaperTable, PhonePhoto, Spreadsheet, TypedLetter, WordDocument
from demo.stories import (
    CVQ_LEVEL_2,
    DESMOND,
    JOYCELYN,
    Choose,
    Countersign,
    Judge,
    MakeStatements,
    On,
    Returned,
    SetAside,
    SignOff,
    Story,
    StoryEvidence,
    StoryPerson,
    Submit,
)
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind

CASUARINA = "Casuarina Bay Resort\nWest Coast Road, St Brannock"
CENTRE_RECORD = "Pelican Reach Skills Centre\n"

KEISHA = Story(
    candidate=StoryPerson("Keisha Maynard"),
    number="PR-26-0211",
    site="Beach resort",
    cohort="Autumn 2026",
    target=140,
    assessor=DESMOND,
    verifier=JOYCELYN,
    qualification=CVQ_LEVEL_2,
    units=["cvq:U13402"],
    steps=[
        StoryEvidence(
            title="Observation at the front desk on a changeover Saturday",
            kind=EvidenceKind.OBSERVATION,
            days_ago=118,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Observation changeover Saturday.docx",
                    sender=CENTRE_RECORD + "Assessor's observation",
                    heading="Observation: K. Maynard, front desk, 7.00 to 12.00",
                    paragraphs=[
                        "1. Uniform, badge and hair as the resort's card on appearance says. She greeted "
                        "everybody who "
                        "came within three metres, those in the queue with a look and a nod.",
                        "2. Forty check-outs before eleven. A guest shouted about a bar bill of 312 dollars. "
                        "She asked "
                        "him to sit with her, read the slips with him, found two of another room, apologised and took "
                        "them off. She asked whether all was right now; he said it was.",
                        "3. A lady who hears little was handed the pad and the pen without a word about it. A couple "
                        "who could not say what they wanted were asked three short questions and went to the reef.",
                        "4. The printer failed. She told the six who waited how long it would take, and wrote "
                        "receipts.",
                        "5. Between ten past eleven and noon three guests: with each of them she took her time.",
                        "6. Asked for a yacht permit, which is not hers to give, she rang the harbour and handed over "
                        "the name of the officer and the hour to come.",
                    ],
                    signed="D. Achong, assessor",
                )
            ],
            claims="1.1-1.7 para 1 to 3; 2.1-2.5 para 2 and 3; 3.1 para 6; 3.3 para 2; 3.4 para 6; "
            "1A.i-1A.iii para 2 and 3; 1B.i; 1C.i-1C.vii para 2 to 6; l para 2",
            more={"U12902": "1.2 para 4; 1.4 para 1; 2.3 para 4; 2.5 para 6; 2A.i para 3; 2B.i para 2"},
        ),
        StoryEvidence(
            title="Two days of the desk's message book and the e-mails that followed",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=104,
            until=103,
            files=[
                PaperTable(
                    name="Message book.pdf",
                    sender=CASUARINA,
                    heading="Message book, front desk (rooms only, names left out)",
                    columns=["Day", "From", "What they wanted", "What I did", "Told"],
                    pages=[
                        [
                            [0, "204, telephone", "Cot and a kettle", "Housekeeping, there by four", "Rang back"],
                            [0, "118, at the desk", "Talks to the plants, asks them to be moved", "Moved two", "Seen"],
                            [0, "Agent, e-mail", "Wheelchair room for nine", "104 is free, held it", "E-mail"],
                            [
                                1,
                                "311, telephone",
                                "Which tour is short?",
                                "Read her both times, she chose",
                                "Rang back",
                            ],
                            [1, "207, note", "Bed too soft", "Board put under, asked next day", "Note"],
                        ]
                    ],
                    note="Kept at the desk, shredded after ninety days as the privacy notice says. K. Maynard",
                ),
                Mail(
                    name="Wheelchair room.eml",
                    sender="Keisha Maynard <desk@casuarina-bay.example>",
                    to="bookings@blue-atlas.example",
                    subject="Room 104 for Mr Abt",
                    paragraphs=[
                        "Dear Ms Feld, room 104 is held for Mr Abt from the 12th. The door is 92 cm wide and "
                        "the shower "
                        "has no step. The path to the beach has one step of 10 cm: we put the ramp there every "
                        "morning.",
                        "If the chair is wider than 70 cm, please tell me and I shall measure the lift again.",
                        "Keisha Maynard, front desk",
                    ],
                ),
            ],
            claims="1.4 row 4; 1.6 column Told; 2.2 rows 1 to 3; 2.3 column Told; 3.1 row 3; 3.2 the e-mail; "
            "3.3 row 4; 1A.i row 3; 1A.iii row 4; 1A.iv row 2; 1B.ii rows 1 and 4; 1B.iii the e-mail; 1C.i; "
            "1C.v row 2; l-m the e-mail",
            more={
                "U12902": "2.1 the e-mail; 2.2 row 1; 2.4 row 5; 2A.i row 1; 2A.ii row 4; 1A.iii",
                "U13402": "1.1 row 4",
            },
        ),
        StoryEvidence(
            title="Questions and answers on rights, rules and the limits of my job",
            kind=EvidenceKind.QUESTIONING,
            days_ago=88,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Questions and answers U09602.docx",
                    sender=CENTRE_RECORD + "Record of questioning",
                    heading="Questions to K. Maynard",
                    paragraphs=[
                        "Q1. What may a guest expect by law and by contract? - What was booked, safe, at the "
                        "price that "
                        "was said; the booking terms say what is given back and when.",
                        "Q2. Safety, data, equal treatment, disability? - Wet floor signs and the lift log; nobody is "
                        "told a room number; the same welcome for all; the ramp and the pad before anyone asks.",
                        "Q3. Which codes bind you? - The hotel association's, on prices shown and tips.",
                        "Q4. What do you sell, and what may you not decide? - Rooms, tours, transfers. I give back up "
                        "to 50 dollars; above that Mr Lorde. I promise no room that is not clean.",
                        "Q5. Targets? - Check-in in four minutes, 85 of 100 on the card. If we miss them, agents rank "
                        "us lower, and in the low season that is people's hours.",
                        "Q6. How do you know that somebody is angry or confused? - Voice, hands, the same question "
                        "twice. I lower my voice, say it in other words, and write it down for them.",
                        "Q7. Rules for telephone and e-mail? - Three rings, name and place; e-mail the same day.",
                    ],
                    signed="D. Achong and K. Maynard",
                )
            ],
            claims="K1 Q1; K2a-K2d Q2; K3 Q3; K4 Q1; K5-K7 Q4; K8 Q5; K9 Q2; K10-K12 Q6 and Q7; K13 Q6",
            more={"U12902": "K1 Q1; K2a-K2d Q2; K3 Q3; K4 Q1; K5-K7 Q4; K8 Q5"},
        ),
        StoryEvidence(
            title="Film of a slow afternoon at the counter",
            kind=EvidenceKind.VIDEO,
            days_ago=81,
            files=[KeptRecording(name="Slow afternoon.mp4", source="counter.mp4")],
            claims="1.2 0:06; 1.3 0:08; 2.1 0:09; 2.4 0:11; 3.2 0:10; 1B.i 0:08; 1C.iii 0:05",
            more={"U12902": "1.3 0:02; 2B.ii 0:05; 3.1 0:14; 2A.i 0:08"},
        ),
        Judge(),
        On(74),
        Submit(),
        On(72),
        Judge(),
        MakeStatements(),
        SignOff("Seen on a full day and on an empty one, and both times the same calm."),
        On(66),
        Countersign("Sampled the observation and the film. The range is covered in each element. Agreed."),
        StoryEvidence(
            title="Observation on the safety round and the fire drill",
            kind=EvidenceKind.OBSERVATION,
            days_ago=52,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Observation safety round.docx",
                    sender=CENTRE_RECORD + "Assessor's observation",
                    heading="Observation: K. Maynard, evening round and drill with staff and guests",
                    paragraphs=[
                        "1. Clean uniform, flat shoes, hair tied, one ring, no perfume. A cut on a finger was "
                        "dressed by "
                        "the nurse before the shift, and reported.",
                        "2. Drill at 16.00: she set the alarm off, shut the doors behind her, led nineteen "
                        "guests down "
                        "the east stairs and counted them at the tennis court. The waiting lift was dealt with.",
                        "3. In the yard she used the foam and the water extinguisher, the hose and the blanket on the "
                        "training fire, and showed the sand, the wet blanket and the carbon dioxide one, each by its "
                        "label and the maker's card.",
                        "4. A rucksack stood alone by the pool, and a parcel that nobody had ordered at the "
                        "back door. "
                        "She touched neither, cleared the way, rang security and wrote both down.",
                        "5. A child fell at the pool. Cold pack, bandage, a word to the child and one to the "
                        "mother; the "
                        "nurse and the safety officer were called, the ambulance's number said, the log filled in.",
                        "6. She put the yellow signs and the rope at the wet steps, told those who came, and reported "
                        "the loose rail with a photo. The maker's and the supplier's sheets were in her folder.",
                        "7. Round at ten: staff gate open, closed it and asked a man without a badge who he was; "
                        "storeroom, safe and cash boxes locked; a key missing from its hook, reported; a purse found "
                        "was entered and handed in.",
                    ],
                    signed="D. Achong, assessor",
                )
            ],
            more={
                "U00306": "1.1-1.5 para 1; 2.1-2.7 para 2 and 3; 3.1-3.5 para 4; 4.1-4.8 para 5; 5.1-5.6 para 6; "
                "6.1-6.7 para 7; 1A.i; 2A.i para 3; 2B.i-2B.vii para 3; 2C.i-2C.iii para 3; 3A.i-3B.ii para 4; "
                "4A.i para 5; 4B.i-4B.ii para 5; 4C.i-4C.ii para 5; 4D.i-4D.ii para 5; 4E.i-4E.iii para 5; "
                "5A2.ii para 6; 5C.i-5C.iii para 6; 6A.i-6A.iv para 7; 6B.i-6B.iv para 7; "
                "6C.i-6C.iii para 7; 6D.i"
            },
        ),
        StoryEvidence(
            title="Film of the fire drill",
            kind=EvidenceKind.VIDEO,
            days_ago=52,
            files=[KeptRecording(name="Fire drill.mp4", source="drill.mp4")],
            more={"U00306": "2.1 0:03; 2.3 0:12; 2.4 0:10; 2.5 0:16; 2A.i 0:03"},
        ),
        StoryEvidence(
            title="Sign at the wet steps, which I put up",
            kind=EvidenceKind.PHOTO,
            days_ago=49,
            files=[PhonePhoto(name="IMG_2204.heic", words=["Steps wet", "Please take the ramp", "Desk: dial 9"])],
            more={"U00306": "1.6; 5.1-5.3; 5A2.i-5A2.ii"},
        ),
        StoryEvidence(
            title="First aid at the refresher day",
            kind=EvidenceKind.WITNESS_TESTIMONY,
            days_ago=46,
            files=[
                TypedLetter(
                    name="Testimony of the nurse.pdf",
                    sender="Nurse J. Weekes\nCasuarina Bay Resort, clinic",
                    to="Mr D. Achong\nPelican Reach Skills Centre",
                    pages=[
                        [
                            "Ms Maynard came to the refresher day that the resort gives all desk staff. She "
                            "bandaged an "
                            "arm and a knee, laid a cold pack, and did the Heimlich manoeuvre on the trainer's figure "
                            "and, a week later, on a guest at breakfast who had choked on toast.",
                            "She moved nobody who ought to lie still, and lifted with her knees. Her reports reach me "
                            "the same day.",
                            "J. Weekes, registered nurse",
                        ]
                    ],
                )
            ],
            more={"U00306": "1.7; 4.1; 4.4; 4.5; 4A.i; 4B.i-4B.iii first paragraph; 4C.i second paragraph"},
        ),
        StoryEvidence(
            title="Questions on health, safety and security",
            kind=EvidenceKind.QUESTIONING,
            days_ago=40,
            by=Capacity.ASSESSOR,
            files=[
                WordDocument(
                    name="Questions U00306.docx",
                    sender=CENTRE_RECORD + "Record of questioning, spoken",
                    heading="Questions to K. Maynard on U00306",
                    paragraphs=[
                        "Q1 to 6. The law, where it is read, hygiene, clothing, illness. - Safety at Work Act, "
                        "copy in "
                        "the staff room; wash, tie, cover; the supervisor is told before the shift.",
                        "Q7 to 11. Fire. - Fryers, dryers, cigarettes. Lint out every day. Alarm, door, stairs, "
                        "court. "
                        "Glass boxes on each landing. Nobody goes near what they cannot put out with one "
                        "extinguisher.",
                        "Q12, 13 and 21. Bags alone. - They may be what they look like, and they may not; police.",
                        "Q14 to 18 and 22, 23. Accidents. - Nurse Weekes; 511; keep people back; form in the red file.",
                        "Q19, 20 and 24. Hazards. - Wet stone, trolleys, cables. Everybody reports, I more than "
                        "others.",
                        "Q25 to 29. Keys, lost things, what one tells. - Safe, stores, linen. The book protects the "
                        "finder. A room number is told to nobody. What is odd goes to Mr Lorde at once.",
                    ],
                    signed="D. Achong and K. Maynard",
                )
            ],
            more={"U00306": "K1-K6 Q1 to 6; K7-K11 Q7 to 11; K12-K13 Q12; K14-K18; K19-K24; K25-K29"},
        ),
        StoryEvidence(
            title="What I would do better after the double booking",
            kind=EvidenceKind.CASE_HISTORY,
            days_ago=34,
            files=[
                WordDocument(
                    name="Double booking.docx",
                    sender="Keisha Maynard",
                    heading="The double booking of room 310",
                    paragraphs=[
                        "Two families held room 310. I saw it at ten, five hours before they came. I asked Mr Lorde "
                        "whether the second could have the villa at the price of the room. He agreed.",
                        "I rang them on their way and said what had happened, what we offered, and that it was our "
                        "mistake. They took it. At the desk I gave them the choice again.",
                        "It had happened twice before, always with the same agent. I wrote to the agent and to our "
                        "bookings, and since then they send a list every Friday.",
                        "Better next time: I told the first family nothing, and they had heard it from the second.",
                    ],
                    signed="K. Maynard",
                )
            ],
            more={
                "U12902": "3.2 fourth paragraph; 3.3 third paragraph; 2B.iii; 3A.iii second paragraph",
                "U13002": "2.1 first paragraph; 2.2-2.4 first and second paragraph; 2A.i-2A.ii first paragraph; b",
                "U13102": "1.1-1.3; 1.5 third paragraph; 2.1-2.4 first paragraph; 3.1 second paragraph; "
                "3.2; 1A.ii first paragraph; 1A.v first paragraph; 2A.ii; 3A.ii; 3B.ii second paragraph; g",
            },
        ),
        Judge(
            unit="U13102",
            answers={
                (10, "1.2"): (
                    Outcome.NOT_YET,
                    "You tell what you said, not what you asked. Bring one call or note with your questions in it.",
                ),
                (10, "3.2"): (Outcome.PARTLY, "Done, and well. “Work with others” needs one more occasion."),
            },
        ),
        On(26),
        Submit("U13002"),
        Judge(unit="U13002"),
        On(20),
        Returned(
            Capacity.ASSESSOR,
            "The double booking carries element 2, Keisha. Elements 1 and 3 have nothing yet: bring the message "
            "book for prompt answers, and one new way of helping that came out of what guests told you.",
            "U13002",
        ),
        StoryEvidence(
            title="Feedback cards of a month, counted, and what we changed",
            kind=EvidenceKind.WORK_PRODUCT,
            days_ago=16,
            files=[
                Spreadsheet(
                    name="Cards.csv",
                    columns=["week of", "cards", "waited too long", "towels", "pleased"],
                    rows=[[-28, 31, 9, 4, 14], [-21, 28, 8, 5, 13], [-14, 33, 3, 5, 22], [-7, 30, 2, 1, 25]],
                ),
                CardPhoto(
                    name="Card 88.jpg",
                    printed="Casuarina Bay - tell us",
                    written=[
                        "Second queue for keys only:",
                        "why not sooner? Four minutes",
                        "instead of twenty!",
                        "",
                        "Rm 215",
                    ],
                ),
            ],
            more={
                "U13002": "3.3-3.4 the table; 3A.i card 88; a; d card 88",
                "U12902": "3.1; 3A.i-3A.iii; 3B.i-3B.iii card 88; 1.1; 1A.i-1A.ii; a; b",
            },
        ),
        On(13),
        Submit("U00306"),
        Judge(unit="U00306"),
        Choose("U13202"),
        SetAside("U13402"),
        StoryEvidence(
            title="Talk with a guest who wanted the spa, on the telephone",
            kind=EvidenceKind.AUDIO,
            days_ago=6,
            files=[KeptRecording(name="Spa call.mp3", source="telephone.mp3")],
            more={"U13002": "1.1 0:04; 1.2 0:15; 1A.ii 0:04; 3.1 0:38", "U13202": "1.1 0:41; 1A.ii 0:41"},
        ),
        On(4),
        SignOff("Everything was seen in the resort itself; the film shows the stairs.", "U00306"),
        On(3),
        Submit("U12902"),
    ],
)
