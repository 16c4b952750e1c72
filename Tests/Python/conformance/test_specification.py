"""The checker itself: it hears every message, and finds what is wrong with one."""
import pytest
import specification
from jupyter_client.manager import start_new_kernel

HEADER = {"msg_id": "k1", "session": "k", "username": "", "date": "2026-01-02T03:04:05Z", "msg_type": "stream", "version": "5.5"}
PARENT = {"msg_id": "m1", "msg_type": "execute_request"}
STREAM = {"name": "stdout", "text": "a"}
BUSY, IDLE = {"execution_state": "busy"}, {"execution_state": "idle"}


def faults(kind="stream", content=STREAM, header={}, parent=PARENT, metadata={}):
    return specification.message_faults(HEADER | {"msg_type": kind} | header, parent, metadata, content)


@pytest.mark.parametrize("wrong", [
    {"content": {"name": "stdlog", "text": "a"}}, {"content": {"name": "stdout"}}, {"content": STREAM | {"more": 1}},
    {"header": {"date": "2026-01-02T03:04:05"}}, {"header": {"version": "5.3"}}, {"header": {"username": None}},
    {"metadata": None}, {"parent": []}, {"kind": "frobnicate"}, {"kind": "status", "content": {"execution_state": "dead"}},
    {"kind": "status", "content": BUSY, "parent": {}}, {"kind": "shutdown_reply", "content": {"status": "ok", "restart": False}},
    {"kind": "execute_reply", "content": {"status": "error", "execution_count": 1}},
    {"kind": "execute_reply", "content": {"status": "aborted", "execution_count": 1}},
    {"kind": "execute_reply", "content": {"status": "ok", "execution_count": 1, "payload": [{"source": "beep"}], "user_expressions": {}}},
    {"kind": "display_data", "content": {"data": {"image/png": "?"}, "metadata": {}, "transient": {}}},
    {"kind": "display_data", "content": {"data": {"text/plain": 1}, "metadata": {}, "transient": {}}},
])
def test_a_wrong_message_is_found(wrong):
    assert not faults()
    assert not faults("execute_reply", {"status": "aborted"})
    assert faults(**wrong)


def test_a_wrong_order_is_found():
    def count(*messages):
        rules = specification.Conversation()
        return sum(
            len(rules.faults(HEADER | {"msg_id": f"k{index}", "msg_type": kind}, PARENT, {}, content))
            for index, (kind, content) in enumerate(messages))

    busy, idle, stream = ("status", BUSY), ("status", IDLE), ("stream", STREAM)
    assert count(busy, stream, idle) == 0
    assert count(busy, busy, stream, idle) == 0
    assert count(busy, idle, busy) == 1
    assert count(busy, idle, idle) == 1
    assert count(busy, idle, stream) == 1
    rules = specification.Conversation()
    assert [len(rules.faults(HEADER, PARENT, {}, STREAM)) for _ in range(2)] == [0, 1]


def test_the_clients_of_jupyter_are_watched(monkeypatch):
    heard = []
    monkeypatch.setattr(specification, "check", lambda rules, parts: heard.append(parts))
    manager, client = start_new_kernel(kernel_name="echo")
    client.execute("echo a", reply=True, timeout=5)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert any(b"execute_reply" in parts[0] for parts in heard)
