"""JSON by msgspec, the same encoder that words the socket's frames."""

from collections.abc import Mapping
from typing import Any

import msgspec
from rest_framework.renderers import BaseRenderer

_encode = msgspec.json.Encoder().encode


class WireRenderer(BaseRenderer):
    """Wire objects (events/objects.py) to bytes."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else _encode(data)
