"""What Meta's errors mean: their code decides, not the HTTP status that it comes with."""

import httpx
import pytest

from whatsapp import graph


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, 190, graph.Reconnect),
        (500, 3, graph.Reconnect),
        (403, 368, graph.Stopped),
        (400, 80007, graph.NumberRate),
        (429, 130429, graph.NumberRate),
        (429, 131056, graph.PairRate),
        (500, 131000, graph.Transient),
        (400, 131016, graph.Transient),
        (503, None, graph.Transient),
        (429, None, graph.Transient),
        (500, 999_999, graph.Transient),
        (500, 131053, graph.Permanent),
        (429, 131048, graph.Permanent),
        (400, 131026, graph.Permanent),
        (400, 999_999, graph.Permanent),
    ],
)
def test_code_of_an_error_decides_what_happens_next(
    status: int, code: int | None, kind: type[graph.GraphError]
) -> None:
    error = graph._classified(httpx.Response(status), {"message": "Oops"} | ({"code": code} if code else {}))
    assert type(error) is kind
    assert error.code == str(code or status)
