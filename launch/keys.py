"""Secrets of a production start, made once and kept in its folder."""

import base64
import json
import os
import secrets

from launch.place import Place
from launch.screen import say


def production_keys(place: Place) -> dict[str, str]:
    """Those that the environment does not name. Losing ENCRYPTION_KEYS loses the numbers' access tokens."""
    path = place.root / "keys.json"
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    made = {name: value for name, value in fresh_keys().items() if name not in kept and name not in os.environ}
    if made:
        path.touch(mode=0o600)
        path.write_text(json.dumps(kept | made, indent=2), "utf-8")
        say(f"  Made {', '.join(made)} and wrote them to {path}: keep that file as you keep the data.")
    return {name: value for name, value in (kept | made).items() if name not in os.environ}


def fresh_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(24),
    }
