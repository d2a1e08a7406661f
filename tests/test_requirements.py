"""The lists that are installed follow from the lists of what is wanted. `script/requirements` makes them."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import requires

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LISTS = ["requirements", "requirements-node", "requirements-test"]
AGAIN = "run script/requirements"


def text_of(name: str) -> str:
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def lines(name: str) -> list[str]:
    """The lines of a list, without the remarks; one that a backslash carries on is one."""
    text = re.sub(r"(^|\s)#.*", "", text_of(name).replace("\\\n", " "), flags=re.MULTILINE)
    return [line.strip() for line in text.splitlines() if line.strip()]


def wanted(name: str) -> Iterator[Requirement]:
    for line in lines(f"{name}.in"):
        if line.startswith("-r "):
            yield from wanted(line.removeprefix("-r ").removesuffix(".in"))
        elif not line.startswith("-c "):
            yield Requirement(line)


def pinned(name: str) -> dict[str, Requirement]:
    """The packages of a list that are for this Python, by name."""
    pins = [Requirement(line.split("--hash")[0]) for line in lines(f"{name}.txt")]
    return {canonicalize_name(pin.name): pin for pin in pins if pin.marker is None or pin.marker.evaluate()}


def brought_along(these: Iterable[Requirement]) -> set[str]:
    """The names of the packages, and of all that they need: each says that itself, once it is installed."""
    ahead, seen = list(these), set()
    while ahead:
        one = ahead.pop()
        known = canonicalize_name(one.name), frozenset(one.extras)
        if known in seen:
            continue
        seen.add(known)
        for need in map(Requirement, requires(one.name) or []):
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *one.extras)):
                ahead.append(need)
    return {name for name, _ in seen}


def version(pin: Requirement) -> str:
    return str(pin.specifier).removeprefix("==")


@pytest.mark.parametrize("name", LISTS)
def test_what_is_wanted_is_pinned_at_a_version_that_is_wanted(name):
    pins = pinned(name)

    for one in wanted(name):
        pin = pins.get(canonicalize_name(one.name))
        assert pin and version(pin) in one.specifier, f"{one} is not what {name}.txt has: {AGAIN}"


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_nothing_is_pinned_but_what_is_wanted_and_what_that_brings_along(name):
    assert set(pinned(name)) == brought_along(wanted(name)), AGAIN


@pytest.mark.parametrize("name", LISTS)
def test_each_package_has_its_hashes_and_no_address(name):
    for line in lines(f"{name}.txt"):
        assert "==" in line and "--hash=sha256:" in line, line
    assert "://" not in text_of(f"{name}.txt")


@pytest.mark.long
def test_the_tests_run_on_the_versions_that_the_product_runs_on():
    product, tests = pinned("requirements"), pinned("requirements-test")

    assert {name: str(pin) for name, pin in product.items()} == {name: str(tests.get(name)) for name in product}
