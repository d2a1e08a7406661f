"""Every page that a person sees, beside a bare signed-in page with 7 queries. A new page is one entry in PAGES.

What is timed is the clock on the wall and not this process's own time: on PostgreSQL the server does a part of
the work, and a page that lets it count and sort must not look cheap for that; on SQLite a page that writes waits
for the disk, and so does the person. Other programs disturb the clock on the wall more, so each page is asked
for many times, in turns with the bare one, and the median of the ratios of all turns counts. Whoever has not
signed in yet stands beside the bare page of somebody who has.

Before each turn, outside of what is timed, somebody changes the portfolio that is shown (bench/changes.py), in a
process that has shown all the other portfolios: nobody sees a page faster because they looked at it before.

A page that is sent a form stands beside the bare page as well, which writes nothing. What it writes is on the
disk when it answers, on both databases: its limit has to leave room for that wait, which differs from disk to
disk more than anything else here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.changes import change, judged, toggled
from bench.pairs import Found, Measure, Work
from bench.requests import Answer, Handler
from bench.site import NOBODY, Site

BARE = "/bare/"
BARE_QUERIES = 7
ROUNDS = 25
TIMES_A_TENTH = 1.3  # what a page of a large site may take of what it takes on a tenth of it
# What the routes name.
PORTFOLIO = ("centre", "portfolio")
UNIT = ("centre", "unit")
PIECE = ("centre", "evidence")
OF_A_GRID: dict[str, Any] = {"limit": 2.0, "queries": 10, "bytes": 45_000}
OF_A_PRESS: dict[str, Any] = {"limit": 2.0, "queries": 23, "bytes": 3_000, "as_json": True}  # it writes
LARGEST = 4.0  # for pages of the unit with the most criteria, its grid apart


@dataclass(frozen=True)
class Address:
    """A route, what it names of a person's portfolio (`Site.named`), and what stands behind the question mark."""

    route: str
    names: tuple[str, ...]
    of: str
    query: str

    def __call__(self, site: Site) -> str:
        """The address on this site."""
        return reverse(self.route, kwargs=site.named(self.of, *self.names)) + (self.query and f"?{self.query}")


def at(route: str, *names: str, of: str = "pat", query: str = "") -> Address:
    """The address of a route that names the centre and these things of a person's portfolio."""
    return Address(route, names, of, query)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page, who looks at it, and its limits: times the bare page, queries, and bytes before compression.

    `send` makes of a site and the number of the turn what a POST says, as a form or `as_json`. No two turns in
    a row may say the same, or the second has nothing to change: `lambda site, turn: {"where": f"page {turn}"}`.
    """

    name: str
    who: str
    url: Address
    limit: float = 3.0
    queries: int = 15
    bytes: int | None = None
    send: Callable[[Site, int], Mapping[str, Any]] | None = None
    as_json: bool = False


PAGES = (
    Page(name="home-candidate", who="pat", url=at("home")),
    Page(name="home-assessor", who="ann", url=at("home")),
    Page(name="home-verifier", who="ivy", url=at("home")),
    Page(name="home-coordinator", who="cora", url=at("home")),
    # It also says how the registration stands, what the awarding body asks, and who has declared an interest.
    Page(name="portfolio", who="pat", url=at("assessments:portfolio", *PORTFOLIO), queries=18),
    Page(name="portfolio-award", who="una", url=at("assessments:portfolio", *PORTFOLIO, of="una"), queries=18),
    Page(name="unit-collecting", who="pat", url=at("assessments:unit", *UNIT), queries=18),
    Page(name="unit-judged", who="ann", url=at("assessments:unit", *UNIT, of="quinn"), queries=19),
    Page(name="unit-verified", who="ivy", url=at("assessments:unit", *UNIT, of="sue"), queries=19),
    Page(name="unit-largest", who="vera", url=at("assessments:unit", *UNIT, of="vera"), limit=LARGEST, queries=18),
    # The grid of 30 × 30, a quarter filled; and what a press in it costs.
    Page(name="grid", who="pat", url=at("assessments:grid", *UNIT), **OF_A_GRID),
    Page(name="grid-judged", who="ann", url=at("assessments:grid", *UNIT, of="quinn"), **OF_A_GRID),
    Page(name="grid-verifier", who="ivy", url=at("assessments:grid", *UNIT, of="rae"), **OF_A_GRID),
    Page(name="grid-missing", who="pat", url=at("assessments:grid", *UNIT, query="show=missing"), **OF_A_GRID),
    # 40 pieces × the 113 columns of the unit with the most criteria.
    Page(name="grid-largest", who="vera", url=at("assessments:grid", *UNIT, of="vera"), queries=10, bytes=250_000),
    Page(name="toggle", who="pat", url=at("assessments:cells", *UNIT), send=toggled, **OF_A_PRESS),
    Page(name="judgement", who="ann", url=at("assessments:cells", *UNIT, of="quinn"), send=judged, **OF_A_PRESS),
    Page(name="criterion", who="pat", url=at("assessments:criterion", *UNIT, "criterion")),
    Page(name="claims", who="pat", url=at("assessments:shows", *PIECE)),
    Page(name="claims-largest", who="vera", url=at("assessments:shows", *PIECE, of="vera"), limit=LARGEST),
    # More queries than others, each of something else: openings, feedback, other units, the same file elsewhere.
    Page(name="judge", who="ann", url=at("assessments:judge", *UNIT, "evidence", of="quinn"), queries=16),
    Page(name="judge-largest", who="ann",
         url=at("assessments:judge", *UNIT, "evidence", of="vera"), limit=LARGEST, queries=16),
    Page(name="judge-same", who="ann", url=at("assessments:judge_same", *UNIT, "evidence", of="quinn")),
    Page(name="statements", who="ann", url=at("assessments:statements", *UNIT, of="quinn")),
    Page(name="sheet-new", who="ann", url=at("assessments:sheet_new", "centre", "portfolio")),
    Page(name="observation-new", who="ann", url=at("assessments:observation_new", "centre")),
    Page(name="evidence", who="pat", url=at("portfolio:evidence", "centre", "evidence")),
    Page(name="evidence-add", who="pat", url=at("portfolio:evidence_add", *PORTFOLIO)),
    Page(name="evidence-correct", who="pat", url=at("portfolio:evidence_correct", "centre", "evidence")),
    Page(name="evidence-remove", who="pat", url=at("portfolio:evidence_remove", "centre", "evidence")),
    Page(name="witnesses", who="pat", url=at("portfolio:witnesses", "centre", "portfolio")),
    Page(name="witness-ask", who="pat", url=at("portfolio:witness_ask", "centre", "portfolio")),
    Page(name="evidence-take", who="pat", url=at("portfolio:evidence_take", "centre", "evidence")),
    Page(name="file-remove", who="cora", url=at("portfolio:file_remove", "centre", "file")),
    Page(name="file-viewer", who="pat", url=at("portfolio:file_viewer", "centre", "file")),
    Page(name="sign-submission", who="pat", url=at("assessments:sign", *UNIT), queries=17),
    # What is signed is read whole: also what was asked, pinned, opened and sampled.
    Page(name="sign-off", who="ann", url=at("assessments:sign", *UNIT, of="quinn"), queries=18),
    Page(name="countersign", who="ivy", url=at("assessments:sign", *UNIT, of="rae"), queries=20),
    Page(name="sign-largest", who="vera", url=at("assessments:sign", *UNIT, of="vera"), limit=LARGEST, queries=17),
    Page(name="return", who="ann", url=at("assessments:return", *UNIT, of="quinn")),
    Page(name="return-verifier", who="ivy", url=at("assessments:return", *UNIT, of="rae")),
    Page(name="ask", who="ann", url=at("assessments:ask", *UNIT, of="quinn")),
    Page(name="feedback", who="ann", url=at("assessments:feedback", *UNIT, of="quinn")),
    Page(name="withdraw", who="ann", url=at("assessments:withdraw", *UNIT, of="rae")),
    Page(name="reopen", who="ivy", url=at("assessments:reopen", *UNIT, of="sue")),
    Page(name="sampling-board", who="ivy", url=at("verification:board", "centre")),
    Page(name="sampling-figures", who="ivy", url=at("verification:figures", "centre")),
    Page(name="sample", who="ivy", url=at("verification:sample", *UNIT, of="rae"), queries=18),
    Page(name="candidates", who="cora", url=at("portfolio:registrations", "centre")),
    Page(name="units-list", who="cora", url=at("assessments:units_list", "centre")),
    Page(name="evidence-list", who="ivy", url=at("assessments:evidence_list", "centre")),
    Page(name="evidence-list-portfolio", who="pat", url=at("assessments:portfolio_evidence", *PORTFOLIO)),
    Page(name="actions-list", who="ann", url=at("assessments:actions_list", "centre")),
    Page(name="registration-add", who="cora", url=at("portfolio:registration_add", "centre")),
    Page(name="registration-add-award", who="cora",
         url=at("portfolio:registration_add", "centre", query="qualification=cvq:CCA010-02")),
    Page(name="registration-add-units", who="cora",
         url=at("portfolio:registration_add", "centre", query="framework=nvq")),
    Page(name="allocate", who="cora", url=at("portfolio:allocate", *UNIT, of="una")),
    Page(name="allocate-many", who="cora", url=at("portfolio:allocate_many", "centre")),
    Page(name="units", who="una", url=at("portfolio:units", *PORTFOLIO, of="una"), queries=16),
    Page(name="unit-add", who="cora", url=at("portfolio:unit_add", *PORTFOLIO, of="una")),
    Page(name="unit-add-units", who="cora", url=at("portfolio:unit_add", *PORTFOLIO, of="una", query="framework=nvq")),
    Page(name="centre", who="cora", url=at("centres:centre", "centre")),
    Page(name="staff", who="cora", url=at("centres:staff", "centre")),
    Page(name="staff-person", who="cora", url=at("centres:staff_person", "centre", "person")),
    Page(name="staff-record-add", who="cora", url=at("centres:staff_record_add", "centre", "person", "kind")),
    Page(name="policy", who="cora", url=at("centres:policy", "centre")),
    Page(name="people", who="cora", url=at("centres:people", "centre")),
    Page(name="person", who="cora", url=at("centres:person", "centre", "person")),
    Page(name="person-add", who="cora", url=at("centres:person_add", "centre")),
    Page(name="imports", who="cora", url=at("portfolio:imports", "centre")),
    Page(name="role-end", who="cora", url=at("centres:role_end", "centre", "membership")),
    Page(name="catalogue", who="pat", url=at("standards:catalogue")),
    Page(name="search", who="pat", url=at("standards:catalogue", query="q=customer+complaints")),
    Page(name="standards-unit", who="pat", url=at("standards:unit", "framework", "code")),
    Page(name="standards-largest", who="pat", url=at("standards:unit", "framework", "code", of="vera"), limit=LARGEST),
    Page(name="standards-revision", who="pat", url=at("standards:revision", "framework", "code", "number")),
    Page(name="qualification", who="pat", url=at("standards:qualification", "framework", "award", of="una")),
    Page(name="password-change", who="pat", url=at("account_change_password")),
    Page(name="sign-out", who="pat", url=at("account_logout")),
    # What is seen before anybody has signed in.
    Page(name="sign-in", who=NOBODY, url=at("account_login")),
    Page(name="password-reset", who=NOBODY, url=at("account_reset_password")),
    Page(name="password-reset-sent", who=NOBODY, url=at("account_reset_password_done")),
    Page(name="password-chosen", who=NOBODY, url=at("account_reset_password_from_key_done")),
    Page(name="account-inactive", who=NOBODY, url=at("account_inactive")),
)  # fmt: skip

# On a large site, beside a tenth of it (bench/large_site.py).
LARGE_PAGES = (
    Page(name="large-home-candidate", who="pat", url=at("home")),
    Page(name="large-home-assessor", who="ann", url=at("home")),
    Page(name="large-home-verifier", who="ivy", url=at("home")),
    Page(name="large-home-coordinator", who="cora", url=at("home"), queries=16),
    Page(name="large-people", who="cora", url=at("centres:people", "centre")),
    Page(name="large-candidates", who="cora", url=at("portfolio:registrations", "centre")),
    Page(name="large-units", who="cora", url=at("assessments:units_list", "centre")),
    Page(name="large-units-since", who="cora", url=at("assessments:units_list", "centre", query="sort=since")),
    Page(name="large-units-assessor", who="ann", url=at("assessments:units_list", "centre")),
    Page(name="large-units-verifier", who="ivy", url=at("assessments:units_list", "centre")),
    Page(name="large-evidence", who="cora", url=at("assessments:evidence_list", "centre")),
    Page(name="large-evidence-added", who="cora", url=at("assessments:evidence_list", "centre", query="sort=-added")),
    Page(name="large-evidence-assessor", who="ann", url=at("assessments:evidence_list", "centre")),
    Page(name="large-actions", who="cora", url=at("assessments:actions_list", "centre")),
    Page(name="large-actions-assessor", who="ann", url=at("assessments:actions_list", "centre")),
    Page(name="large-notices", who="ann", url=at("notices:notices")),
    Page(name="large-board", who="ivy", url=at("verification:board", "centre")),
    Page(name="large-board-coordinator", who="cora", url=at("verification:board", "centre", query="show=overdue")),
    Page(name="large-plan", who="ivy", url=at("verification:plan", "centre")),
    Page(name="large-countersign", who="ivy", url=at("verification:countersign", "centre")),
    # Worked out at most four times an hour: whoever looks first has them counted.
    Page(name="large-figures", who="ivy", url=at("verification:figures", "centre"), queries=16),
    Page(name="large-figures-coordinator", who="cora", url=at("verification:figures", "centre"), queries=16),
    Page(name="large-home-visitor", who="eve", url=at("home")),
    Page(name="large-visits", who="cora", url=at("verification:visits", "centre")),
    Page(name="large-visit", who="eve", url=at("verification:visit", "centre", "visit")),
    Page(name="large-visit-candidates", who="eve", url=at("verification:visit_candidates", "centre", "visit")),
    Page(name="large-visit-search", who="eve",
         url=at("verification:visit_candidates", "centre", "visit", query="find=candidate+b10")),
)  # fmt: skip


def measured(page: Page, site: Site, handler: Handler, database: str) -> Found:
    """Time a page, count its queries and its bytes, and say which limits it keeps."""
    ratio, queries, answer = _timed(page, site, handler)
    notes, is_more_over = [], False
    for amount, limit, what in ((queries, page.queries, "queries"), (len(answer.content), page.bytes, "bytes")):
        notes.append(f"{amount:,} {what}" + (f" of {limit:,}" if limit is not None else ""))
        is_more_over |= limit is not None and amount > limit
    return Found(f"{page.name} ({database})", ratio, page.limit, tuple(notes), is_more_over)


def measured_large(page: Page, sites: tuple[Site, Site], handler: Handler, database: str) -> Found:
    """Measure a page of a large site, and how many times as long it takes as on a tenth of it."""
    large, tenth = sites
    found = measured(page, large, handler, database)

    def ready() -> None:
        for site in sites:
            change(site, page.url.of, handler)
        close_old_connections()

    def shown(site: Site) -> Work:
        return partial(_asked, handler, page.url(site), site.cookies[page.who], None)

    @contextmanager
    def works() -> Iterator[tuple[Work, Work]]:
        yield shown(large), shown(tenth)

    times = Measure(name=page.name, limit=TIMES_A_TENTH, prepare=works, rounds=ROUNDS, ready=ready).ratio()
    note = f"{times:.2f} times a tenth of it, of {TIMES_A_TENTH:.2f}"
    is_more_over = found.is_more_over or times > TIMES_A_TENTH
    return replace(found, notes=(*found.notes, note), is_more_over=is_more_over)


def _timed(page: Page, site: Site, handler: Handler) -> tuple[float, int, Answer]:
    """How many times the bare page it takes, in how many queries, and what it answers."""
    url, turns = page.url(site), count()
    sent: Mapping[str, Any] | None = None

    def ready() -> None:
        nonlocal sent
        change(site, page.url.of, handler)
        if page.send:
            sent = page.send(site, next(turns))
        close_old_connections()  # SQLite's is opened by each request

    def ours() -> Answer:
        return _asked(handler, url, site.cookies[page.who], sent, as_json=page.as_json)

    def bare() -> Answer:
        return _asked(handler, BARE, site.cookies[page.who] or site.cookies["pat"], None)

    @contextmanager
    def works() -> Iterator[tuple[Work, Work]]:
        yield ours, bare

    ratio = Measure(name=page.name, limit=page.limit, prepare=works, rounds=ROUNDS, ready=ready).ratio()
    ready()
    queries, answer = counted(ours)
    if page.send and not any(query.startswith(("INSERT", "UPDATE", "DELETE")) for query in queries):
        raise AssertionError(f"What is sent to {url} changes nothing: each turn must say something new.")
    return ratio, len(queries), answer


def counted(ask: Callable[[], Answer]) -> tuple[list[str], Answer]:
    """The statements that a request sends to the database, those of session, person and transaction among them.

    Not those by which each request opens SQLite anew, which every page does alike.
    """
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    return [query["sql"] for query in captured if not query["sql"].startswith("PRAGMA ")], answer


def warm(site: Site, handler: Handler) -> None:
    """Show everybody their home, and the portfolios that have a name: what a process of the site has shown before."""
    shown = [(at("home"), who) for who in site.people]
    shown += [(at(f"assessments:{page}", *UNIT, of=name), name) for name in site.units for page in ("unit", "grid")]
    for url, who in shown:
        _asked(handler, url(site), site.cookies[who], None)


def check_bare(site: Site, handler: Handler) -> None:
    """Raise AssertionError where the bare page is not what all limits rest on."""
    queries, _ = counted(lambda: _asked(handler, BARE, site.cookies["pat"], None))
    if len(queries) != BARE_QUERIES:
        raise AssertionError(f"The bare page makes {len(queries)} queries, not {BARE_QUERIES}: see bench/bare.py.")


def _asked(handler: Handler, url: str, cookie: str, sent: Mapping[str, Any] | None, *, as_json: bool = False) -> Answer:
    answer = handler.ask(url, cookie=cookie, body=sent, as_json=as_json)
    if answer.status >= 400 or (sent is None and answer.status != 200):
        raise AssertionError(f"{url} answers {answer.status}.")
    return answer
