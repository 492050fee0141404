"""The dashboard and the alerts ask for figures that there are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text("utf-8"))["groups"][0][
    "rules"
]

QUERIES = [
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())),
    *(rule["expr"] for rule in RULES),
]
OF_A_HISTOGRAM = ("_bucket", "_sum", "_count")


def exposed() -> Iterator[str]:
    """The names of all series."""
    for line in metrics.text().decode().splitlines():
        if line.startswith("# TYPE"):
            _, _, name, kind = line.split()
            yield from (f"{name}{suffix}" for suffix in (OF_A_HISTOGRAM if kind == "histogram" else ("",)))


@pytest.mark.django_db
def test_dashboard_and_alerts_name_figures_that_exist() -> None:
    named = {name for query in QUERIES for name in re.findall(r"\brecado_\w+", query)}
    assert len(named) > 15
    assert named <= set(exposed())


def test_every_series_of_the_dashboard_has_its_place() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["targets"] for panel in panels if panel["type"] != "row")


def test_every_alert_says_what_is_wrong_and_whom_to_wake() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["annotations"]["summary"].endswith((".", "?"))
        assert rule["labels"]["severity"] in {"page", "ticket"}
