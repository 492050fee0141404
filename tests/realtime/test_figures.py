"""What every process tells of its sockets, and who may know."""

import pytest
from django.conf import settings

from realtime import figures
from realtime.meter import meter
from realtime.report import SocketStats, TrafficObject, socket_stats
from realtime.tally import Transport
from tests.cast import Company
from tests.machines import Machine
from tests.realtime.client import Socket, socket_of
from tests.realtime.happenings import happen
from tests.realtime.serving import Program, serve, until

pytestmark = pytest.mark.django_db(transaction=True)


def traffic_of(company: Company, transport: str = "websocket") -> TrafficObject:
    return socket_stats(company.tenant.pk).transports[transport]


def test_requests_replies_and_events_are_counted(server: Program, acme: Company, globex: Company) -> None:
    with socket_of(acme.ana, server.ws) as ana, socket_of(acme.caio, server.ws), socket_of(globex.gil, server.ws):
        ana.ask("ping")
        ana.ask("conversation:list")
        ana.ask("nonsense")
        assert ana.answer_to("{nonsense")["error"]["code"] == "bad_json"
        happen(acme.tenant, 1)
        ana.next("conversation:updated")
        # 2 × connected, 4 replies, an event to each; and who came
        until(lambda: traffic_of(acme).messages_out >= 8)
        found = traffic_of(acme)
        assert (found.connections, found.messages_in) == (2, 4)
        assert found.errors == {"unknown_command": 1, "bad_json": 1}
        assert 0 < found.messages_in_per_second < found.messages_in
        assert found.command_time_average
        assert found.command_time_p95
        assert found.command_time_p95 > 0
        assert traffic_of(globex).messages_in == 0
    until(lambda: traffic_of(acme).connections == 0)


def test_strangers_are_nobodys(server: Program, acme: Company) -> None:
    before = socket_stats(None).traffic.errors.get("unauthenticated", 0)
    with Socket(server.ws) as stranger:
        assert stranger.ask("ping")["error"]["code"] == "unauthenticated"
    until(lambda: socket_stats(None).traffic.errors.get("unauthenticated", 0) == before + 1)
    assert not traffic_of(acme).errors


def test_whoever_asks_too_fast_is_counted(acme: Company) -> None:
    strictly = serve(settings.REDIS_URL, SOCKET_COMMANDS_PER_MINUTE="1", SOCKET_COMMAND_BURST="2")
    with strictly as strict, socket_of(acme.ana, strict.ws) as ana:
        codes = [ana.ask("conversation:list")["status"] for _ in range(4)]
        assert codes == ["ok", "ok", "error", "error"]
        until(lambda: traffic_of(acme).rate_limited == 2)
        assert traffic_of(acme).errors == {"rate_limited": 2}


def test_figures_of_several_processes_add_up_and_leave_with_them(server: Program, acme: Company) -> None:
    with serve(settings.REDIS_URL) as second, socket_of(acme.ana, server.ws) as ana:
        with socket_of(acme.caio, second.ws) as caio:
            ana.ask("ping")
            caio.ask("ping")
            until(lambda: traffic_of(acme).messages_in == 2)
            both = socket_stats(acme.tenant.pk)
            assert [process.traffic.messages_in for process in both.processes] == [1, 1]
        second.terminate()
        until(lambda: len(socket_stats(acme.tenant.pk).processes) == 1)
        assert traffic_of(acme).connections == 1


def test_process_says_how_its_event_loop_fares(server: Program) -> None:
    until(lambda: any(process.about.pid == server.process.pid for process in figures.read()))
    until(lambda: any(process.about.lag > 0 for process in figures.read() if process.about.pid == server.process.pid))


def test_a_tenant_is_told_nothing_of_the_machine(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws):
        until(lambda: traffic_of(acme).connections == 1)
        [theirs] = socket_stats(acme.tenant.pk).processes
        assert (theirs.host, theirs.pid, theirs.loop_lag, theirs.events_behind) == (None, None, None, None)
        whole: SocketStats = socket_stats(None)
        [ours] = [process for process in whole.processes if process.id == theirs.id]
        assert ours.host
        assert ours.pid == server.process.pid


def test_whoever_polls_is_counted(acme: Company) -> None:
    for person in (acme.ana, acme.caio, acme.ana):
        assert Machine(person).get("/api/events?after=0").status_code == 200
    tally = meter().tally(acme.tenant.pk, Transport.POLLING)
    assert (tally.connections, tally.messages_in, tally.messages_out) == (2, 3, 3)
