import errno

import pytest

from launch.trouble import explain, explain_system_error


@pytest.mark.parametrize(
    ("output", "cure"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("npm error code ENOSPC", "disk is full"),
        ("NewConnectionError: Failed to establish a new connection: Temporary failure in name resolution", "network"),
        ("npm error code EAI_AGAIN", "network"),
        ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "build-essential"),
        ("fatal error: Python.h: No such file or directory", "build-essential"),
        ("ERROR: No matching distribution found for uvloop==0.23.0", "Python 3.11 or newer"),
        ("npm error code EACCES", "belongs to somebody else"),
    ],
)
def test_explain_knows_the_cure(output: str, cure: str) -> None:
    sentence = str(explain("Installing", f"Collecting things\n{output}\nmore"))
    assert sentence.startswith("Installing failed. ")
    assert cure in sentence


def test_explain_repeats_the_end_of_what_it_does_not_know() -> None:
    assert str(explain("Seeding", "one\n\ntwo\n")) == "Seeding failed. The last that was said:\n  one\n  two"
    assert str(explain("Seeding", "")).endswith("nothing")


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/.venv"), "No permission for /srv/.venv"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_system_errors_become_sentences(error: OSError, cure: str) -> None:
    assert cure in str(explain_system_error(error))
