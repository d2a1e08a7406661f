"""From a template to a PDF, completely or not at all.

This module fills the template. The press (`printing.press`) makes the PDF, in a process of its own at lower
priority: it computes for a second or more, and pages must not wait for it. The app that prints decides what is
printed and how it looks.
"""

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Collection
from dataclasses import asdict
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from printing.characters import code_point
from printing.errors import MissingCharacters, PrintError
from printing.looking import Tables

SECONDS_AT_MOST = 240  # for one print; less than a task of the worker may take
# What the press needs from the environment; it needs neither the database nor its password.
PASSED_ON = (
    "HOME",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)


class Printed(NamedTuple):
    """A print, and what is wrong with it in sentences, if it was looked at."""

    pdf: bytes
    found: list[str]


def render_pdf(
    template: str, context: dict[str, Any], *, title: str, style_sheet: str, unprintable: Collection[str] = ()
) -> bytes:
    """Return the template as a tagged PDF (bytes) with this title; the same input gives the same bytes.

    `style_sheet` is one of STYLE_SHEETS in printing/press.py. The characters of `unprintable` are printed as
    their numbers. The template may set `dcterms.created` and `dcterms.modified` in its head; the PDF has no other
    date.

    Raises MissingCharacters if no font has a character, PrintError if anything else would be missing or
    the press fails.
    """
    return _PRESSES.printed(render_html(template, context, title=title, unprintable=unprintable), style_sheet).pdf


def render_and_look(template: str, context: dict[str, Any], *, title: str, style_sheet: str, tables: Tables) -> Printed:
    """Return the same as `render_pdf`, looked at (printing/looking.py). Raises the same."""
    return _PRESSES.printed(render_html(template, context, title=title), style_sheet, tables)


def printed_pdf(template: str, context: dict[str, Any], *, title: str, style_sheet: str) -> bytes:
    """Return the same, with each character that no font has as its number: "[U+1F600]". Raises PrintError."""
    try:
        return render_pdf(template, context, title=title, style_sheet=style_sheet)
    except MissingCharacters as missing:
        return render_pdf(template, context, title=title, style_sheet=style_sheet, unprintable=missing.characters)


def render_html(template: str, context: dict[str, Any], *, title: str, unprintable: Collection[str] = ()) -> str:
    """Return the HTML that `render_pdf` gives to the press."""
    numbers = {ord(character): f"[{code_point(character)}]" for character in unprintable}
    return render_to_string(template, {**context, "title": title}).translate(numbers)


class _Presses:
    """The presses of this process, of which each prints one thing at a time. The one last used is used first."""

    def __init__(self) -> None:
        self.all: list[_Press] = []
        self.idle: queue.LifoQueue[_Press] = queue.LifoQueue()
        self.grow(1)

    def grow(self, number: int) -> None:
        """Have at least so many. A press that never prints takes nothing."""
        for _ in range(number - len(self.all)):
            press = _Press()
            self.all.append(press)
            self.idle.put(press)

    def printed(self, html: str, style_sheet: str, tables: Tables | None = None) -> Printed:
        """Have the page printed as soon as a press is free. Raises MissingCharacters and PrintError."""
        press = self.idle.get()
        try:
            return press.printed(html, style_sheet, tables)
        finally:
            self.idle.put(press)

    def stop(self) -> None:
        """End them all, whatever they are doing."""
        for press in self.all:
            press.stop()


class _Press:
    """A press: started with its first print, and again if it died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def pdf(self, html: str, style_sheet: str) -> bytes:
        """Have the page printed. Raises MissingCharacters and PrintError."""
        return self.printed(html, style_sheet).pdf

    def printed(self, html: str, style_sheet: str, tables: Tables | None = None) -> Printed:
        """Have the page printed, and looked at if its `tables` are told. Raises MissingCharacters and PrintError."""
        job = {"style_sheet": style_sheet} | ({"tables": asdict(tables)} if tables else {})
        process = self._running()
        too_long = threading.Timer(SECONDS_AT_MOST, process.kill)
        too_long.start()
        try:
            answer, pdf = _ask(process, html.encode(), job)
        except (OSError, ValueError, PrintError):
            self.stop()
            raise
        finally:
            too_long.cancel()
        if "missing" in answer:
            raise MissingCharacters(set(answer["missing"]))
        if "fault" in answer:
            raise PrintError(answer["fault"])
        return Printed(pdf, answer.get("found", []))

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.process = subprocess.Popen(
                [sys.executable, "-E", "-s", "-m", "printing.press"],
                cwd=settings.BASE_DIR,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self.process

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is not None:
            self.process.kill()
            with self.process:  # closes its pipes
                pass
            self.process = None


def _ask(process: subprocess.Popen[bytes], html: bytes, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Give the press a job and wait for its answer. Raises PrintError if it ends before it has answered."""
    cut_short = PrintError("The press was ended before the print was done: memory may be short, or it took too long.")
    if process.stdin is None or process.stdout is None:
        raise cut_short
    try:
        process.stdin.write(json.dumps(job | {"length": len(html)}).encode() + b"\n" + html)
        process.stdin.flush()
    except BrokenPipeError as error:
        raise cut_short from error
    line = process.stdout.readline()
    answer: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {"length": -1}
    pdf = process.stdout.read(answer["length"]) if answer["length"] >= 0 else b""
    if len(pdf) != answer["length"]:
        raise cut_short
    return answer, pdf


_PRESSES = _Presses()
atexit.register(_PRESSES.stop)


def presses_at_once(number: int) -> None:
    """Let so many prints of this process go on at once; without this, it is one."""
    _PRESSES.grow(number)
