"""What the documents say, compared with the code: both ways, so that neither can name what the other does not have."""

import ast
import re
from collections.abc import Iterable, Iterator
from http import HTTPMethod
from pathlib import Path
from typing import Any, TypeVar

import pytest

from accounts.serializers import PersonObject, TenantObject
from api.errors import _CODES
from api.urls import urlpatterns
from config import metrics
from conversations.errors import DomainError
from conversations.fragments import Fragment
from conversations.rights import RIGHTS, Right
from events import objects
from events.catalogue import CATALOGUE, EventData
from kanban.serializers import BoardObject, ColumnObject
from realtime import drain, proofs, session, sinks
from realtime.commands import REGISTRY
from realtime.connection import Auth
from realtime.ephemeral import EPHEMERAL
from realtime.report import TrafficObject
from whatsapp.serializers import PlaceholderObject, TemplateButtonObject, TemplateHeaderObject, TemplateObject

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
MADE_AT_SETUP = ("static/vendor/", "benchmarks/RESULTS.md", ".data/")

Row = list[str]
T = TypeVar("T")


# Reading the documents


def section(page: str, heading: str) -> str:
    """The text under a heading of any level, up to the next heading of that level or a higher one."""
    text = (DOCS / page).read_text("utf-8")
    start = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert start, f"{page} has no heading {heading!r}"
    end = re.compile(rf"^#{{1,{len(start[1])}}} ", re.MULTILINE).search(text, start.end())
    return text[start.end() : end.start() if end else None]


def rows(page: str, heading: str) -> list[Row]:
    """The cells of the tables of a section, without their heads."""
    lines = [line for line in section(page, heading).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [place for place, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    heads = {place - 1 for place in rules}
    return [row for place, row in enumerate(cells) if place not in heads and place not in rules]


def words(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def named(page: str, heading: str) -> list[str]:
    """The first word in backticks of every row."""
    return [words(row[0])[0] for row in rows(page, heading) if words(row[0])]


def fields_of(kind: Any) -> set[str]:
    """A struct's fields by their JSON names."""
    return set(kind.__struct_encode_fields__)


# Reading the code


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def constants(paths: Iterable[Path]) -> Iterator[str]:
    """Every text that stands in these files."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def first_arguments(path: Path, *functions: str) -> Iterator[str]:
    """What calls of these functions are told first, as far as it is written out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in functions:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def python(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


# The wire


def test_every_command_is_documented_with_its_data() -> None:
    documented = {words(row[0])[0]: {word.rstrip("?") for word in words(row[1])} for row in _command_rows()}
    real = {name: fields_of(command.data) for name, command in REGISTRY.items()}
    assert documented == {**real, "auth": fields_of(Auth)}


def test_required_data_of_commands_is_told_from_what_may_be_left_out() -> None:
    for row in _command_rows():
        kind = REGISTRY[name].data if (name := words(row[0])[0]) in REGISTRY else Auth
        optional = {field.encode_name for field in _fields(kind) if not field.required}
        assert {word.rstrip("?") for word in words(row[1]) if word.endswith("?")} == optional, name


def _command_rows() -> list[Row]:
    return [row for row in rows("protocol.md", "Commands") if words(row[0])]


def _fields(kind: Any) -> tuple[Any, ...]:
    import msgspec  # noqa: PLC0415

    return msgspec.structs.fields(kind)


def test_every_event_is_documented_with_its_data() -> None:
    documented = {words(row[0])[0]: set(words(row[1])) for row in rows("protocol.md", "Events")}
    assert documented == {name: fields_of(kind) for name, kind in (CATALOGUE | EPHEMERAL).items()}


def test_every_kind_of_event_is_in_a_catalogue() -> None:
    assert set(_descendants(EventData)) == {*CATALOGUE.values(), *EPHEMERAL.values()}


def test_every_object_is_documented_with_its_fields() -> None:
    documented = {words(row[0])[0]: set(words(row[1])) for row in rows("protocol.md", "Objects")}
    ours = {name.removesuffix("Object"): kind for name, kind in vars(objects).items() if _is_wire_object(kind)}
    others = {"Person": PersonObject, "Tenant": TenantObject, "Board": BoardObject, "Column": ColumnObject}
    templates = {
        "Template": TemplateObject,
        "TemplateHeader": TemplateHeaderObject,
        "TemplateButton": TemplateButtonObject,
        "Placeholder": PlaceholderObject,
    }
    assert documented == {name: fields_of(kind) for name, kind in (ours | others | templates).items()}


def _is_wire_object(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, objects.WireObject) and kind is not objects.WireObject


def test_every_fragment_is_documented_with_its_fields() -> None:
    documented = {words(row[0])[0]: set(words(row[1])) for row in rows("protocol.md", "Fragments")}
    assert set().union(*documented.values()) == fields_of(Fragment)
    places = ["conversations/fragments.py", "conversations/chat_fragments.py", "kanban/fragments.py"]
    kinds = [ROOT / place for place in places]
    assert set(documented) == set(constants(kinds)) & {"card", "chat", "header", "message"}


def test_every_error_code_is_documented() -> None:
    worded = [ROOT / "realtime" / "requests.py", ROOT / "realtime" / "answers.py", ROOT / "api" / "errors.py"]
    raised = {kind.code for kind in _descendants(DomainError)} | {DomainError.code} | set(_CODES.values())
    on_the_socket = {code for path in worded for code in first_arguments(path, "BadFrame", "Problem")}
    documented = set(named("protocol.md", "Errors"))
    assert raised | on_the_socket <= documented
    assert documented <= raised | set(constants(worded))


def _descendants(kind: type[T]) -> set[type[T]]:
    children = set(kind.__subclasses__())
    return children.union(*(_descendants(child) for child in children))


def test_every_right_in_a_group_is_documented() -> None:
    documented = {words(row[0])[0]: set(words(row[1])) for row in rows("protocol.md", "Team chat")}
    assert documented == {right: {role for role, rights in RIGHTS.items() if right in rights} for right in Right}


def test_every_close_code_is_documented() -> None:
    ours = {drain.RESTARTING, proofs.FORBIDDEN, proofs.UNAUTHENTICATED, sinks.TOO_SLOW}
    ours |= {session.BROKEN, session.GOODBYE, session.TOO_MANY}
    assert {int(code) for code in named("protocol.md", "Closing")} == ours


def test_every_endpoint_is_documented() -> None:
    assert sorted(named("protocol.md", "REST")) == sorted(_endpoints())


def _endpoints() -> Iterator[str]:
    for pattern in urlpatterns:
        route, view = str(pattern.pattern), getattr(pattern.callback, "view_class", None)
        if not route or route.endswith("/"):
            continue
        address = re.sub("<[^>]+>", "{id}", f"/api/{route}")
        implemented = [method for method in HTTPMethod if hasattr(view, method.lower())]
        yield from (f"{method} {address}" for method in implemented if method not in {"OPTIONS", "HEAD"})


def test_every_figure_of_the_sockets_is_documented() -> None:
    documented = {word for row in rows("protocol.md", "Figures") for word in words(row[0])}
    assert documented == fields_of(TrafficObject)


# The operation


def test_every_setting_is_documented() -> None:
    ours = [
        row
        for row in rows("operations.md", "Settings")
        if words(row[0])[0] not in named("operations.md", "Variables of make")
    ]
    assert {words(row[0])[0] for row in ours} == read_settings()


def read_settings() -> set[str]:
    """The variables that config/settings.py reads."""
    return set(first_arguments(ROOT / "config" / "settings.py", "text", "choice", "number", "flag", "words", "redis"))


def test_every_variable_of_the_launcher_is_documented() -> None:
    of_the_shell = {"MAKELEVEL", "PATH", "TERM"}
    documented = set(named("operations.md", "Variables of make"))
    assert documented == set(_environment("launch")) - of_the_shell - read_settings()


def test_every_variable_of_the_simulator_is_documented() -> None:
    shared = {"ALLOWED_HOSTS", "LOG_LEVEL", "RECADO_MODE", "HOST", "DJANGO_SETTINGS_MODULE"}
    assert set(named("simulator.md", "Settings")) == set(_environment("simulator")) - shared


def _environment(folder: str) -> Iterator[str]:
    """The variables that a folder's code looks up in `os.environ`."""
    for path in python(folder):
        for node in ast.walk(tree(path)):
            match node:
                case (
                    ast.Call(func=ast.Attribute(value=environment), args=[ast.Constant(value=str(name)), *_])
                    | (ast.Subscript(value=environment, slice=ast.Constant(value=str(name))))
                    | ast.Compare(left=ast.Constant(value=str(name)), comparators=[environment])
                ):
                    if _name(environment) == "environ" and name.isupper():
                        yield name


@pytest.mark.django_db
def test_every_metric_is_documented() -> None:
    exposed = {line.split()[2] for line in metrics.text().decode().splitlines() if line.startswith("# TYPE")}
    assert set(named("operations.md", "What to watch")) == exposed


# The documents themselves


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    for word in words(_without_code(page)):
        path = word.split("::", 1)[0]
        if re.fullmatch(r"[\w.@-]+(/[\w.@-]+)+/?", path) and path.split("/", 1)[0] in _folders():
            assert path.startswith(MADE_AT_SETUP) or (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_that_are_named_exist(page: Path) -> None:
    for path, name in re.findall(r"(tests/[\w/]+\.py)::(\w+)", page.read_text("utf-8")):
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), f"{path}::{name}"


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [path.name.split("-")[0] for path in (DOCS / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers)), sorted(numbers)


def _without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def _folders() -> set[str]:
    return {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
