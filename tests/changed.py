"""`python -m tests.changed`: the tests that a change can have touched, a path a line, for `script/test --changed`.

What changed is what is not committed, and what is committed and not yet in the branch that this one follows. A file of
the product touches the tests of its room, those that import it, and those that say something of all files. What only
the whole suite sees (a page that another room's template stands in), only the whole suite finds.
"""

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
OF_ALL_FILES = ["tests/test_architecture.py", "tests/test_docs.py", "tests/config/test_templates.py"]
# Where the tests lie of what is in no app.
ELSEWHERE = {
    "static/js": ["tests/config/test_scripts.py", "tests/browser/test_grid.py"],
    "static/css": ["tests/config/test_design.py"],
    "static/print": ["tests/printing", "tests/assessments/recording_form"],
    "fixtures": ["tests/standards"],
    "script": ["tests/script"],
    "bench": ["tests/test_bench_pages.py", "tests/test_large_site.py"],
    "requirements": ["tests/test_requirements.py"],
    "pyproject.toml": ["tests/test_requirements.py", "tests/test_package.py"],
}


def changed_files() -> list[str]:
    """The paths that differ from the branch that this one follows, or from its last commit where it follows none."""
    base = _git("merge-base", "HEAD", "@{upstream}") or ["HEAD"]
    return [*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")]


def touched_by(changed: Iterable[str]) -> list[str]:
    """The test files and folders for these files, in order, each once."""
    found: set[str] = set()
    for path in changed:
        found |= {*_own_tests(path), *_importing(path)}
    if found:
        found |= {*OF_ALL_FILES}
    there = sorted(path for path in found if (TOP / path).exists())
    return [path for path in there if not any(str(above) in found for above in Path(path).parents)]


def _own_tests(path: str) -> list[str]:
    """The tests of the room that a file is in: `assessments/grid/html.py` has `tests/assessments/grid`."""
    for beginning, tests in ELSEWHERE.items():
        if path.startswith(beginning):
            return tests
    parts = Path(path).parts
    if parts[0] == "tests":
        return [path] if Path(path).name.startswith("test_") else []
    if parts[0] == "templates":
        parts = parts[1:]
    folder = TOP.joinpath("tests", *parts[:-1])
    while not folder.is_dir():
        folder = folder.parent
    return [] if folder == TOP / "tests" else [str(folder.relative_to(TOP))]


def _importing(path: str) -> list[str]:
    """The test files that import a module by its name."""
    if not path.endswith(".py"):
        return []
    module = ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")
    tests = [file for file in (TOP / "tests").rglob("test_*.py") if module in file.read_text(encoding="utf-8")]
    return [str(file.relative_to(TOP)) for file in tests if module in _imported(file)]


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=TOP, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


if __name__ == "__main__":
    sys.stdout.write("".join(f"{path}\n" for path in touched_by(changed_files())))
