"""What a socket hears, against a real server: order, seq and prev, holes, batches, neighbours."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connections

from realtime import stats
from tests.cast import Company
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.happenings import happen, happen_unheard
from tests.realtime.serving import Program, until

pytestmark = pytest.mark.django_db(transaction=True)


def numbers(socket: Socket, count: int) -> list[int]:
    """The next events' numbers; each one's `prev` must be the seq before it."""
    events = [socket.next("conversation:updated") for _ in range(count)]
    for before, after in pairwise(events):
        assert after["prev"] == before["seq"]
    return [event["data"]["updates"]["number"] for event in events]


def test_event_arrives_as_the_contract_shows_it(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 7)
        event = socket.next()

    assert event["type"] == "conversation:updated"
    assert (event["seq"], event["prev"]) == (1, 0)
    assert event["at"].endswith("Z")
    assert event["data"]["updates"]["number"] == 7


def test_first_event_continues_from_connected(server: Program, acme: Company) -> None:
    happen(acme.tenant, 1, 2, 3)
    with Socket(f"{server.ws}") as socket:
        connected = socket.ask("auth", token=token(acme.ana))["data"]
        happen(acme.tenant, 4)
        assert socket.next("conversation:updated")["prev"] == connected["seq"] == 3


def test_events_of_many_writers_arrive_in_order(server: Program, acme: Company) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 10):
            happen(acme.tenant, number)
        connections.close_all()

    with socket_of(acme.ana, server.ws) as socket, ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(0, 40, 10)))
        assert sorted(numbers(socket, 40)) == list(range(40))


def test_events_ready_together_travel_as_one_array(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, *range(20))
        assert numbers(socket, 20) == list(range(20))
        assert len(json.loads(socket.frames[-1])) == 20


def test_lone_event_travels_as_an_object(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1)
        numbers(socket, 1)
        assert isinstance(json.loads(socket.frames[-1]), dict)


def test_frames_of_several_events_stay_under_64_kib(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, *range(12), padding=20_000)
        assert numbers(socket, 12) == list(range(12))
        assert len(socket.frames) > 3
        assert max(map(len, socket.frames)) <= 65536


def test_event_larger_than_a_frame_travels_alone(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1, padding=200_000)
        happen(acme.tenant, 2)
        assert numbers(socket, 2) == [1, 2]


def test_hole_is_filled_from_the_log(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1)
        happen_unheard(acme.tenant, 2, 3)
        happen(acme.tenant, 4)
        assert numbers(socket, 4) == [1, 2, 3, 4]


def test_last_event_that_the_layer_lost_arrives_too(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1)
        happen_unheard(acme.tenant, 2)
        assert numbers(socket, 2) == [1, 2]


def test_event_for_one_person_reaches_nobody_else_and_prev_skips_it(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as ana, socket_of(acme.caio, server.ws) as caio:
        happen(acme.tenant, 1)
        happen(acme.tenant, 2, audience=[f"user:{acme.ana.pk}"])
        happen(acme.tenant, 3)
        assert numbers(ana, 3) == [1, 2, 3]
        assert numbers(caio, 2) == [1, 3]


def test_event_for_two_rooms_is_heard_once(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as ana:
        happen(acme.tenant, 1, audience=["tenant", f"user:{acme.ana.pk}"])
        happen(acme.tenant, 2)
        assert numbers(ana, 2) == [1, 2]


def test_neighbour_hears_nothing(server: Program, acme: Company, globex: Company) -> None:
    with socket_of(acme.ana, server.ws) as ana, socket_of(globex.gil, server.ws) as gil:
        happen(acme.tenant, 1, audience=["tenant", f"user:{globex.gil.pk}"])
        happen_unheard(acme.tenant, 2, audience=["tenant", f"user:{globex.gil.pk}"])
        assert numbers(ana, 2) == [1, 2]
        happen(globex.tenant, 3)
        assert numbers(gil, 1) == [3]
        assert not any("acme" in frame for frame in gil.frames)
        assert gil.ask("events:since", seq=0)["data"]["events"][0]["data"]["updates"]["number"] == 3


def test_ping_tells_the_newest_seq(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1, 2)
        numbers(socket, 2)
        assert socket.ask("ping")["data"]["seq"] == 2


def test_socket_that_connects_among_events_misses_none(server: Program, acme: Company) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            happen(acme.tenant, number)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            with Socket(server.ws) as socket:
                seq = socket.ask("auth", token=token(acme.ana))["data"]["seq"]
                first = socket.next("conversation:updated")
                assert (first["prev"], first["seq"]) == (seq, seq + 1)
                numbers(socket, 20)
    finally:
        stop.set()
        writer.join()


def test_stats_count_sockets_and_forget_those_that_die(server: Program, acme: Company) -> None:
    tenant_id = acme.tenant.pk
    with socket_of(acme.ana, server.ws), socket_of(acme.caio, server.ws):
        until(lambda: stats.read(tenant_id)["totalConnections"] == 2)
        assert stats.read()["connectionsByTenant"][str(tenant_id)] == 2
    until(lambda: stats.read(tenant_id) == {"totalConnections": 0, "connectionsByTenant": {}})
