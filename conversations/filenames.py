"""Names of files that people and customers chose."""

import re
import unicodedata

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def safe_filename(name: str) -> str:
    """A name without path parts, control and direction characters; accents stay."""
    plain = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs"})
    return _UNSAFE.sub("_", plain.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]).strip(". ")[:200]
