"""What can go wrong on somebody's machine, said in a sentence that tells what to do."""

import errno
import re


class Trouble(Exception):
    """Something that the person at the terminal can mend; the text says how. Shown without a traceback."""


FULL_DISK = "The disk is full: free about 1 GB, then run this again."

# What pip, npm and apt print, and what it means for a person. The first that is found wins.
KNOWN = (
    (r"No space left on device|ENOSPC|Disk quota exceeded", FULL_DISK),
    (
        r"[Nn]ame ?[Rr]esolution|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|NewConnection|Could not resolve",
        "The package registry cannot be reached: check the network (or the proxy settings), then run this again.",
    ),
    (
        r"Python\.h: No such file|gcc|cc1|command '.*cc' failed|error: Microsoft Visual|Unable to find a compiler",
        "A package has to be compiled here and there is no compiler: apt-get install build-essential python3-dev.",
    ),
    (
        r"requires a different Python|Requires-Python|No matching distribution found",
        "A pinned package does not exist for this Python: use Python 3.11 or newer (make run PYTHON=python3.12).",
    ),
    (r"Permission denied|EACCES", "A file here belongs to somebody else: run this as the user who owns the project."),
)


def explain(what: str, output: str) -> Trouble:
    """The sentence for a step that failed: a known cause with its cure, else the last that the step said."""
    for pattern, cure in KNOWN:
        if re.search(pattern, output):
            return Trouble(f"{what} failed. {cure}")
    said = [line for line in output.splitlines() if line.strip()]
    return Trouble("\n  ".join([f"{what} failed. The last that was said:", *(said or ["nothing"])[-12:]]))


def explain_system_error(error: OSError) -> Trouble:
    """The sentence for what the operating system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(FULL_DISK)
    if error.errno in (errno.EACCES, errno.EPERM):
        return Trouble(f"No permission for {error.filename}: run this as the user who owns the project.")
    return Trouble(f"The operating system refused something: {error}.")
