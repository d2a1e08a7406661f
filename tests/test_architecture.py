"""Imports and foreign keys run one way, between apps and between the rooms of an app.

record <- standards, centres <- portfolio <- assessments <- verification <- notices <- background, demo <- config.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

BELOW = {
    "printing": set(),
    "record": set(),
    "standards": {"record", "printing"},
    "centres": {"record", "printing"},
    "portfolio": {"record", "printing", "standards", "centres"},
    "assessments": {"record", "printing", "standards", "centres", "portfolio"},
    "verification": {"record", "printing", "standards", "centres", "portfolio", "assessments"},
    "notices": {"record", "standards", "centres", "portfolio", "assessments", "verification"},
    "background": {"record", "printing", "centres", "portfolio", "assessments", "verification", "notices"},
    "demo": {"record", "standards", "centres", "portfolio", "assessments", "verification"},
    "config": {
        *("record", "printing", "standards", "centres", "portfolio"),
        *("assessments", "verification", "notices", "background"),
    },
}
APPS = [name for name in BELOW if apps.is_installed(name)]  # printing and config have no tables
ON_TOP = {"urls", "apps"}  # of an app: they name what lies in its rooms


def modules(app: str) -> Iterator[Path]:
    return (path for path in (settings.BASE_DIR / app).rglob("*.py") if "migrations" not in path.parts)


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever in it, with the column of the statement."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.col_offset) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or "", node.col_offset


@pytest.mark.parametrize("app", BELOW)
def test_an_app_imports_only_what_lies_below_it(app):
    ours = set(BELOW) - BELOW[app] - {app}
    wrong = [
        f"{path.name}: {name}" for path in modules(app) for name, _ in imported(path) if name.split(".")[0] in ours
    ]
    assert wrong == []


def room_of(module: str) -> str:
    """The folder of a module ("assessments.grid" of "assessments.grid.views"); what is on top stands for itself."""
    folder, _, name = module.rpartition(".")
    is_room = (settings.BASE_DIR / module.replace(".", "/")).is_dir()
    return module if is_room or name in ON_TOP else folder


@pytest.mark.parametrize("app", ["portfolio", "assessments", "verification"])
def test_the_rooms_of_an_app_import_each_other_one_way(app):
    arrows = defaultdict(set)
    for path in modules(app):
        if "management" in path.parts:
            continue
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")
        for name, _ in imported(path):
            if name.split(".")[0] == app and room_of(name) != room_of(module):
                arrows[room_of(module)].add(room_of(name))
    TopologicalSorter(arrows).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("app", APPS)
def test_a_foreign_key_points_at_its_own_app_or_below(app):
    relations = [
        (field, field.related_model._meta.app_label)
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
    ]
    assert [str(field) for field, target in relations if target in set(BELOW) - BELOW[app] - {app}] == []


@pytest.mark.parametrize("app", BELOW)
def test_nothing_is_imported_inside_a_function_to_dodge_a_cycle(app):
    late = [
        f"{path}: {name}"
        for path in modules(app)
        if path.stem != "apps"
        for name, at in imported(path)
        if at and name.split(".")[0] in BELOW
    ]
    assert late == []


WRITES = re.compile(
    r"\.objects\.(create|bulk_create|get_or_create|update_or_create)\(|\.(save|delete|update|bulk_update)\(\)?"
)


def test_views_and_forms_write_nothing_by_themselves():
    """Services are the only writers; a view that needs a change calls one."""
    pages = [
        path
        for app in BELOW
        for path in modules(app)
        if "services" not in path.parts and path.stem.endswith(("views", "selectors", "forms", "form"))
    ]
    assert pages
    wrong = [f"{path}: {found.group()}" for path in pages if (found := WRITES.search(path.read_text(encoding="utf-8")))]
    assert wrong == []


def test_no_module_is_longer_than_a_person_reads_at_once():
    long = {
        str(path.relative_to(settings.BASE_DIR)): lines
        for app in BELOW
        for path in modules(app)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_view_says_which_methods_it_takes():
    own = [path for app in BELOW if app != "config" for path in modules(app)]  # config's answer for what went wrong
    views = [path for path in own if "views" in path.parts or path.stem.endswith("views")]
    assert views
    undecided = []
    for path in views:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not node.name.endswith("_or_404")
            ):
                if not node.args.args or node.args.args[0].arg != "request":
                    continue
                names = {
                    getattr(one.func if isinstance(one, ast.Call) else one, "id", "") for one in node.decorator_list
                }
                if not any(name.startswith("require_") for name in names):
                    undecided.append(f"{path}: {node.name}")
    assert undecided == []


def test_a_class_has_its_name_alone():
    """Django's own names apart: a command is `Command`, what a model or form says of itself `Meta`."""
    found = Counter(
        node.name
        for app in BELOW
        for path in modules(app)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name != "Command"
    )
    assert [name for name, count in found.items() if count > 1] == []
