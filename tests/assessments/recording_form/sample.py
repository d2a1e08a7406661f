"""Documents to print: B10 with as many pieces of evidence as a test wants."""

import hashlib
import uuid
from dataclasses import asdict
from typing import Any

from standards.in_words import part_names

STAGES = ("submission", "sign_off", "countersignature")
CAPACITIES = {"submission": "candidate", "sign_off": "assessor", "countersignature": "internal_verifier"}
NAMES = {"candidate": "Amara Okafor", "assessor": "David Brennan", "internal_verifier": "Priya Raman"}
OUTCOMES: tuple[str | None, ...] = ("met", "met", "partly", None, "met", "not_yet")
KINDS = ("observation", "work_product", "witness_testimony", "personal_statement", "prior_learning", "audio")
TITLES = (
    "Answering the counter queue on market day",
    "Rota for the week when two colleagues were ill",
    "Testimony of the shop manager on three months of complaints handled",
    "How we changed the returns desk after customers complained about waiting",
    "E-mails with a supplier about a late delivery, and what the customer was told meanwhile",
    "Telephone call with a customer who could not find the order",
)
PERFORMANCE = [f"B10.1.{n}" for n in range(1, 4)] + [f"B10.2.{n}" for n in range(1, 9)]
PERFORMANCE += [f"B10.3.{n}" for n in range(1, 5)]
KNOWLEDGE = [f"B10{letter}" for letter in "abcdefgh"]
REQUIREMENTS = (
    ("4", None, "You need to include evidence that you have dealt with a variety of customers including:"),
    ("a", 1, "customers who are easy to deal with"),
    ("b", 1, "customers who are difficult to deal with"),
    ("c", 1, "existing customers"),
    ("d", 1, "new customers."),
    ("5", None, "Your evidence must show that you have:"),
    ("a", 6, "taken responsibility for your own actions in the delivery of customer service"),
    ("b", 6, "used spontaneous customer feedback to improve customer service"),
    ("c", 6, "used customer feedback that you have requested to improve customer service."),
)
DIGEST = hashlib.sha256(b"the document that the internal verifier signed").hexdigest()


def identifier(*parts: object) -> str:
    """A UUID that is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(str(part) for part in parts)))


def person(capacity: str, name: str | None = None) -> dict[str, str]:
    """One of the fixed cast in a capacity."""
    return {"id": identifier(capacity), "name": name or NAMES[capacity], "capacity": capacity}


def criterion(kind: str, position: int, code: str | None, text: str, **more: Any) -> dict[str, Any]:
    """One criterion as the canonical document has it."""
    plain = {"element": None, "parent": None, "tickable": True, "group": None, "section": None}
    no_range: dict[str, Any] = {"range_elements": [], "minimum": None, "same_as": None}
    return {"kind": kind, "position": position, "code": code, "text": text, **plain, **no_range, **more}


def b10_criteria() -> list[dict[str, Any]]:
    """B10: 15 performance criteria, 8 knowledge items, seven lettered requirements under two headings."""
    performance = [criterion("performance", n, c, f"Words of {c}") for n, c in enumerate(PERFORMANCE, 1)]
    knowledge = [criterion("knowledge", n, c, f"Words of {c}") for n, c in enumerate(KNOWLEDGE, 1)]
    requirements = [
        criterion("evidence", position, code, text, parent=parent, tickable=parent is not None)
        for position, (code, parent, text) in enumerate(REQUIREMENTS, 1)
    ]
    return performance + knowledge + requirements


def piece(number: int, **changes: Any) -> dict[str, Any]:
    """One piece of evidence, an ordinary one unless told."""
    return {
        "id": identifier("evidence", number),
        "number": number,
        "version": 1,
        "version_id": identifier("version", number),
        "title": TITLES[number % len(TITLES)],
        "kind": KINDS[number % len(KINDS)],
        "setting": "real_job",
        "from": f"2026-{1 + number % 9:02d}-{1 + number % 27:02d}",
        "to": f"2026-11-{1 + number % 27:02d}" if number % 4 == 0 else None,
        "location": "Locked cabinet in the back office of the Bridgetown branch" if number % 7 == 5 else "",
        "relevance": "Customer file, may not be copied" if number % 7 == 5 else "",
        "author": person("candidate"),
        "files": [],
        **changes,
    }


def claim(number: int, kind: str, position: int, outcome: str | None = "met", where: str = "") -> dict[str, Any]:
    """A claim of evidence `number` on a criterion, judged unless `outcome` is None."""
    judgement = None
    if outcome is not None:
        judgement = {
            "id": identifier("judgement", number, kind, position),
            "outcome": outcome,
            "reason": "" if outcome == "met" else "One occasion is not enough.",
            "by": {"id": identifier("assessor"), "name": NAMES["assessor"]},
            "at": "2026-11-14T10:00:00Z",
        }
    return {
        "id": identifier("claim", number, kind, position),
        "evidence": number,
        "criterion": {"kind": kind, "position": position},
        "where": where,
        "author": person("candidate"),
        "status": outcome or "claimed",
        "judgement": judgement,
    }


def signature(stage: str) -> dict[str, Any]:
    """A standing signature of an earlier stage."""
    return {
        "id": identifier("signature", stage),
        "stage": stage,
        "signer": person(CAPACITIES[stage]),
        "declaration": "I declare it.",
        "at": f"2026-11-{16 + STAGES.index(stage)}T09:30:00Z",
        "digest": hashlib.sha256(stage.encode()).hexdigest(),
    }


def b10_document(pieces: int = 12, *, stage: str | None = "countersignature", **changes: Any) -> dict[str, Any]:
    """B10 with `pieces` pieces of evidence, each claimed for a good third of the criteria."""
    criteria = b10_criteria()
    claims = [
        claim(
            number,
            item["kind"],
            item["position"],
            OUTCOMES[(number * 3 + item["position"]) % len(OUTCOMES)] if stage is None else "met",
            where=("page 3, second paragraph", "", "12:40", "")[(number + item["position"]) % 4],
        )
        for number in range(1, pieces + 1)
        for item in criteria
        if item["tickable"] and (number + item["position"]) % 3 == 0
    ]
    given = STAGES[: STAGES.index(stage)] if stage else ()
    signing = None
    if stage:
        signing = {
            "stage": stage,
            "signer": person(CAPACITIES[stage]),
            "declaration": "I have verified the assessor’s decisions.",
            "comment": "Sampled evidence 2 and 5 with the candidate present.\nNo action.",
            "at": "2026-11-21T23:30:00Z",
        }
    return {
        "format": 3,
        "stage": stage,
        "centre": {
            "id": identifier("centre"),
            "name": "Harbour Street Training Centre",
            "number": "C-20417",
            "time_zone": "Europe/London",
        },
        "candidate": {"id": identifier("candidate"), "name": NAMES["candidate"], "number": "1007-33"},
        "unit": {
            "id": identifier("unit"),
            "version": 1,
            "framework": "nvq",
            "framework_title": "NVQ in Customer Service",
            "publisher": "City & Guilds",
            "code": "B10",
            "reference": None,
            "title": "Organise the delivery of reliable customer service",
            "level": None,
            "credit": None,
            "glh": None,
            "revision": {"id": identifier("revision"), "number": 1},
        },
        "parts": asdict(part_names("nvq")),
        "elements": [{"number": f"B10.{n}", "title": f"Element {n}", "kind": "performance"} for n in (1, 2, 3)],
        "criteria": criteria,
        "evidence": [piece(number) for number in range(1, pieces + 1)],
        "claims": claims,
        "statements": [
            {
                "text": "The evidence covers a sufficient period of time with different customers on different "
                "occasions for the assessor to be confident that the candidate is competent.",
                "by": {"id": identifier("assessor"), "name": NAMES["assessor"]} if stage else None,
                "at": "2026-11-17T09:30:00Z" if stage else None,
            }
        ],
        "notes": [
            {
                "by": person("assessor"),
                "text": "A confident candidate; the change to the returns desk is hers from start to finish.",
                "at": "2026-11-17T09:30:00Z",
            }
        ]
        if stage == "countersignature"
        else [],
        "signatures": [signature(earlier) for earlier in given],
        "signing": signing,
        "record": None,
        **changes,
    }


UGLY_TITLES = (
    '<script>alert(1)</script> & <b>bold</b> "quoted" {{ form }}',
    "https://intranet.example.com/" + "customer-service/records/" * 8 + "?id=0123456789",
    "W" * 180,
    "ملاحظة عميل صعب (B10) 2026",
    "客户服务记录与改进报告",
    "Zoe\u0308\u0323\u0301 Nguye\u0302\u0303n Łódź ẞ Журнал Ελλάδα",
    "invoice\u202efdp.exe",
    "Smiling customer 😀 and a family 👨\u200d👩\u200d👧",
    "हिन्दी தமிழ் עברית ไทย 한국어 日本語",
)


def ugly_document(stage: str | None = "countersignature") -> dict[str, Any]:
    """What people really type: every script, endless words, mark-up, an emoji."""
    document = b10_document(len(UGLY_TITLES), stage=stage)
    for number, title in enumerate(UGLY_TITLES):
        document["evidence"][number]["title"] = title
    document["evidence"][2].update(location="A" * 300, relevance="Why it matters. " * 200)
    document["candidate"].update(name="محمد عبدالله " * 4, number="N" * 40)
    document["centre"]["name"] = "The Very Long Name of a Training Centre of the Harbour District " * 3
    document["unit"]["title"] = "Organise the delivery of reliable customer service in every circumstance " * 3
    if document["signing"]:
        document["signing"]["signer"]["name"] = "王小明"
        document["signing"]["comment"] = "A line.\n" * 3 + "x" * 400
    return document
