"""Asking a starting Recado whether it can serve."""

import urllib.error
import urllib.request


class Readiness:
    """True when /readyz says 200: database, Redis and workers are there. Else it remembers the reason."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/readyz"
        self.answer = "nothing"
        self.open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open  # loopback needs no proxy

    def __call__(self) -> bool:
        try:
            with self.open(self.url, timeout=5) as response:
                return bool(response.status == 200)  # noqa: PLR2004
        except urllib.error.HTTPError as refusal:
            self.answer = f"{refusal.code} {refusal.read(300).decode('utf-8', 'replace')}"
        except OSError as error:
            self.answer = str(error)
        return False

    def complaint(self) -> str:
        return f"Recado started but does not become ready; {self.url} says: {self.answer}"
