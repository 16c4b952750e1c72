"""Live views: what a page that can show them hears, and what a page that misbehaves cannot do to the cells."""
import json
import os
import statistics
import subprocess
import sys
import time

import pytest
import zmq
from attacker import Attacker
from jupyter_client.manager import start_new_kernel
from test_view import say, until_idle

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def kernel():
    manager, client = start_new_kernel(kernel_name="echo")
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def attacker(kernel):
    made = Attacker(kernel[0])
    yield made
    made.assert_alive()
    made.context.destroy(linger=0)


def tell(client, view, content, buffers=()):
    """What is published for a custom message to a view."""
    data = {"method": "custom", "content": content}
    return until_idle(client, say(client, "comm_msg", {"comm_id": view, "data": data}, buffers))


def states(client, name):
    assert until_idle(client, say(client, "comm_open", {"comm_id": name, "target_name": "jupyter.widget.control", "data": {}})) == []
    (answer,) = until_idle(client, say(client, "comm_msg", {"comm_id": name, "data": {"method": "request_states"}}))
    assert answer["content"]["data"]["method"] == "update_states"
    return answer["content"]["data"]["states"]


def test_a_view_takes_the_place_of_its_picture_and_answers(kernel):
    _, client = kernel
    _, shown, opened = until_idle(client, client.execute("widget cells"))
    assert shown["msg_type"] == "display_data" and VIEW not in shown["content"]["data"]
    assert opened["msg_type"] == "comm_open" and opened["metadata"] == {"version": "2.1.0"}
    view = opened["content"]["comm_id"]

    source, updated = tell(client, view, {"widget": "ready"})
    assert source["content"]["data"]["content"]["widget"] == "source" and not source["buffers"]
    assert updated["content"]["data"][VIEW]["model_id"] == view
    assert updated["content"]["data"]["image/png"] == shown["content"]["data"]["image/png"]
    assert updated["content"]["transient"] == shown["content"]["transient"]
    (script,) = tell(client, view, {"widget": "need"})
    assert b"export function render" in bytes(script["buffers"][0])

    (answer,) = tell(client, view, {"do": "hover", "over": 3, "ask": 1}, [b"\x00\xff", b""])
    assert answer["content"]["data"] == {"method": "custom", "content": {"answer": 1, "over": 3}}
    assert [bytes(buffer) for buffer in answer["buffers"]] == [b"\x00\xff", b""]
    assert states(client, "page")[view]["state"]["title"] == "cells"


def test_a_restarted_kernel_knows_the_views_that_were_shown(kernel):
    manager, client = kernel
    view = until_idle(client, client.execute("widget cells"))[2]["content"]["comm_id"]
    tell(client, view, {"widget": "ready"})
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=10)
    assert view in states(client, "page")
    (kept,) = tell(client, view, {"widget": "ready"})
    assert kept["content"]["data"]["content"] == {"widget": "keepsake", "text": "cells, a picture"}
    (picture,) = tell(client, view, {"widget": "picture"})
    assert bytes(picture["buffers"][0]).startswith(b"\x89PNG")


FLOOD = """
import json, sys, time, zmq
from attacker import Attacker
class Manager:
    provisioner = type("P", (), {"process": None})
    def get_connection_info(self): return json.loads(sys.argv[1]) | {"key": sys.argv[3].encode()}
attacker = Attacker(Manager())
content = json.dumps({"comm_id": sys.argv[2], "data": {"method": "custom", "content": {"do": "hover", "over": 1, "ask": 1}}}).encode()
messages = [attacker.frames("comm_msg", content) for _ in range(30_000)]
with attacker.socket("shell") as made:
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.monotonic()
    for number in range(0, len(messages), 100):
        for frames in messages[number:number + 100]:
            made.send_multipart(frames)
        time.sleep(max(0, start + number / 10_000 - time.monotonic()))
    made.linger = 5000
    print(time.monotonic() - start, flush=True)
"""


def cell_times(attacker, made, iopub, seconds):
    """The times of cells one after the other, in milliseconds."""
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        attacker.ask(made, attacker.frames("execute_request", {"code": "echo a"}))
        times.append((time.monotonic() - start) * 1e3)
        while iopub.poll(0):
            iopub.recv_multipart()
        time.sleep(0.005)
    return times


@pytest.mark.parametrize("is_open", [True, False])
def test_ten_thousand_messages_a_second_to_a_view_do_not_hold_up_the_cells(kernel, attacker, is_open):
    _, client = kernel
    view = until_idle(client, client.execute("widget cells"))[2]["content"]["comm_id"] if is_open else "gone"
    info = {name: value for name, value in attacker.info.items() if not isinstance(value, bytes)}
    flood = subprocess.Popen(
        [sys.executable, "-c", FLOOD, json.dumps(info), view, attacker.info["key"].decode()],
        cwd=os.path.dirname(__file__), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        with attacker.socket("shell") as made, attacker.socket("iopub", zmq.SUB) as iopub:
            iopub.subscribe(b"")
            assert flood.stdout.readline() == "ready\n"
            quiet = statistics.median(cell_times(attacker, made, iopub, 1))
            before = attacker.rss()
            flood.stdin.write("\n")
            flood.stdin.flush()
            flooded = statistics.median(cell_times(attacker, made, iopub, 3))
            took = float(flood.stdout.readline())
            print(f"cells: {quiet:.2f} ms, {flooded:.2f} ms beside {30_000 / took:.0f} messages a second, "
                  f"{flooded / quiet:.1f} times; {attacker.rss() - before:.1f} MB more")
            assert flooded < 5
            assert attacker.rss() - before < 30
    finally:
        flood.kill()
        flood.wait()


def test_views_that_come_and_go_leave_the_memory_where_it_was(kernel, attacker):
    _, client = kernel
    for number in range(240):
        view = until_idle(client, client.execute("widget cells"))[2]["content"]["comm_id"]
        tell(client, view, {"widget": "ready"})
        tell(client, view, {"widget": "need"})
        tell(client, view, {"do": "hover", "over": 1, "ask": 1}, [bytes(100_000)])
        assert until_idle(client, say(client, "comm_close", {"comm_id": view, "data": {}})) == []
        if number == 40:
            early = attacker.rss()
    print(f"{attacker.rss() - early:.1f} MB more after 200 views")
    assert attacker.rss() - early < 5
