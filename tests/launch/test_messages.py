from pathlib import Path

import pytest

from launch import messages

CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Board"
msgstr "Quadro"

msgid "Send"
msgstr ""

#, fuzzy
msgid "Snooze"
msgstr "Cochilar"
"""


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "PROJECT", tmp_path)
    folder = tmp_path / "app" / "locale" / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE, "utf-8")
    return folder


def test_gaps_are_what_is_missing_or_guessed(catalogue: Path) -> None:
    assert [gap.partition(": ")[2] for gap in messages.gaps()] == [
        "'Send' has no checked translation",
        "'Snooze' has no checked translation",
    ]


def test_catalogues_are_compiled_when_they_changed(catalogue: Path) -> None:
    compiled = catalogue / "django.mo"
    messages.compile_all()
    assert b"Quadro" in compiled.read_bytes()
    compiled.write_bytes(b"newer than its source")
    messages.compile_all()
    assert compiled.read_bytes() == b"newer than its source"
