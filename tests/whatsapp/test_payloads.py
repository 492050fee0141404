"""Bodies of every wrong shape become items or problems, never exceptions."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import webhooks
from whatsapp import payloads
from whatsapp.payloads import AccountItem, MessageItem, NotJsonError, Problem, StatusItem

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read(raw: Any) -> list[payloads.Item]:
    return list(payloads.items(payloads.decode(json.dumps(raw).encode())))


def test_decode_drops_what_postgresql_cannot_hold() -> None:
    assert payloads.decode(b'{"a\\u0000": "x\\u0000y", "b": ["\\ud800", 1e999]}') == {"a": "xy", "b": ["?", None]}


def test_decode_keeps_whole_surrogate_pairs() -> None:
    assert payloads.decode(b'"\\ud83d\\udc4b"') == "\N{WAVING HAND SIGN}"


def test_glance_finds_the_same_accounts_in_any_body() -> None:
    value = webhooks.value(webhooks.text())
    changes = [7, {"value": value}, {"value": []}, {"value": {"metadata": 7}}]
    raw: dict[str, Any] = {
        "entry": [None, [], {"id": 12, "changes": changes}, {"id": "b", "changes": {}}],
        "odd": "\ud800\0",
    }
    encoded = json.dumps(raw).encode()
    found = payloads.accounts_named(payloads.glance(encoded))
    assert found == payloads.accounts_named(payloads.decode(encoded)) == {("12", "test-phone-id"), ("12", "")}


NESTED = b"[" * 700 + b'"\\u00e1"' + b"]" * 700  # parsed, and then too deep to be cleaned


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"NaN", b"[" * 10_000 + b"]" * 10_000, b'{"a": NaN}', NESTED])
def test_decode_refuses_what_is_not_json(raw: bytes) -> None:
    with pytest.raises(NotJsonError):
        payloads.decode(raw)


def test_items_visits_every_entry_change_and_message() -> None:
    one = webhooks.value(webhooks.text("1"), webhooks.text("2"))
    two = webhooks.value(statuses=(webhooks.status("w", "sent"),))
    raw = {
        "entry": [
            {"id": "a", "changes": [{"value": one}, {"value": two}]},
            {"id": "b", "changes": [{"field": "flows", "value": {}}]},
        ]
    }
    assert [type(item) for item in read(raw)] == [MessageItem, MessageItem, StatusItem, AccountItem]
    assert [item.source.waba_id for item in read(raw) if not isinstance(item, Problem)] == ["a", "a", "a", "b"]


def test_items_keeps_the_good_between_two_bad_ones() -> None:
    bad, good = {"from": "1", "type": "text"}, webhooks.text("ok")
    found = read({"entry": [{"id": "a", "changes": [{"value": webhooks.value(good) | {"messages": [bad, good, 7]}}]}]})
    assert [type(item) for item in found] == [Problem, MessageItem, Problem]


def test_items_tolerates_null_and_numbers_for_text() -> None:
    message = webhooks.text() | {"context": None, "from": 5511888888888}
    (item,) = read(
        {"entry": [{"id": 12, "changes": [{"field": None, "value": webhooks.value() | {"messages": [message]}}]}]}
    )
    assert isinstance(item, MessageItem | Problem)


def test_contacts_are_joined_by_id_and_not_by_place() -> None:
    value = webhooks.value(webhooks.text(sender="1"), webhooks.text(sender="2"))
    value["contacts"] = [{"wa_id": "2", "profile": {"name": "Zwei"}}, {"wa_id": "1"}]
    found = read({"entry": [{"id": "a", "changes": [{"value": value}]}]})
    assert [item.contact.name for item in found if isinstance(item, MessageItem)] == ["", "Zwei"]


def test_contact_without_a_name_keeps_its_ids() -> None:
    value = webhooks.value(webhooks.text(sender="1"))
    value["contacts"] = [{"wa_id": "1", "user_id": "BR.1", "profile": {"name": None}}]
    (item,) = read({"entry": [{"id": "a", "changes": [{"value": value}]}]})
    assert isinstance(item, MessageItem)
    assert (item.contact.user_id, item.contact.name) == ("BR.1", "")


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("1699999999", datetime.fromtimestamp(1699999999, UTC)),
        (1699999999, datetime.fromtimestamp(1699999999, UTC)),
        ("1699999999000", datetime.fromtimestamp(1699999999, UTC)),
        (str(int((NOW + timedelta(days=3)).timestamp())), NOW),
        ("soon", NOW), (None, NOW), ("-5", NOW), ("0", NOW), ("1e300", NOW), ("nan", NOW), ([], NOW),
    ],
)  # fmt: skip
def test_moment_reads_what_meta_sends_and_never_the_future(timestamp: Any, expected: datetime) -> None:
    assert payloads.moment(timestamp, NOW) == expected


_names = st.sampled_from(
    [
        "entry", "changes", "value", "id", "messages", "statuses", "contacts", "metadata", "from", "type", "text",
        "status", "wa_id", "field",
    ]
)  # fmt: skip
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(_names | st.text(max_size=3), children, max_size=4)
    ),
    max_leaves=20,
)


@given(_json)
def test_items_never_raises(raw: Any) -> None:
    for item in read(raw):
        assert isinstance(item, MessageItem | StatusItem | AccountItem | Problem)
