"""Has LibreOffice, where it is installed, make a PDF of a document, so that its pages can be drawn."""

import json
import shutil
from pathlib import Path

from portfolio.files.confined import Failed, run_confined

MEMORY_AT_MOST = 2 * 1024**3  # bytes
WRITES_AT_MOST = 64 * 1024**2  # bytes a file

_STARTED_ANEW = 81  # its exit status when it has only made its profile, and wants to be started again
_WHOLE_SHEETS = "pdf:calc_pdf_Export:" + json.dumps({"SinglePageSheets": {"type": "boolean", "value": "true"}})

# No macros, and nothing from anywhere else: it would fetch a linked picture from the network, or from our own disk.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
)


def office_program() -> Path | None:
    """Return LibreOffice's own program; None if it is not installed.

    The script `soffice` before it starts processes that would outlive a time limit.
    """
    script = shutil.which("soffice")
    program = Path(script).resolve().with_name("soffice.bin") if script else None
    return program if program and program.exists() else None


def pdf_of(document: Path, folder: Path, *, ending: str, program: Path, seconds: int) -> Path:
    """Return a PDF of the document, made in an empty folder; `ending` is that of such documents.

    LibreOffice may take so many `seconds` each time that it is started, which is twice at most. Raises Failed.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
    (folder / f"document.{ending}").symlink_to(document)
    command = [
        str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--convert-to", _WHOLE_SHEETS if ending in {"xlsx", "xls", "ods"} else "pdf", f"document.{ending}",
    ]  # fmt: skip
    env = {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    for is_last in (False, True):
        try:
            run_confined(command, folder=folder, env=env, seconds=seconds, memory=MEMORY_AT_MOST, writes=WRITES_AT_MOST)
            break
        except Failed as why:
            if is_last or why.returncode != _STARTED_ANEW:
                raise
    made = folder / "document.pdf"
    if not made.exists():
        raise Failed("damaged")
    return made


def _settings() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    )
