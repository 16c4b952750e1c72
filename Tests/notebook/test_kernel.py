"""What the front end asks while a cell runs, and a session that nobody else can join."""

import json
import queue

import jupyter_client
import pytest


def answer(client, channel, identity):
    while True:
        reply = getattr(client, f"get_{channel}_msg")(timeout=10)
        if reply["parent_header"]["msg_id"] == identity:
            return reply


def test_a_running_cell_leaves_the_kernel_answering(session_in, tmp_path):
    session = session_in(tmp_path)
    client = session.client
    cell = session.start("demo demo")
    session.wait_for_output(cell, {"display_data", "update_display_data"})
    request = client.session.msg("kernel_info_request")
    client.control_channel.send(request)
    assert answer(client, "control", request["header"]["msg_id"])["content"]["status"] == "ok"
    # Of the cell itself there is no reply yet, or these would come behind it.
    seen = []
    for identity in (client.complete("feat"), client.inspect("features")):
        while not seen or seen[-1]["parent_header"]["msg_id"] != identity:
            seen.append(client.get_shell_msg(timeout=10))
    assert [m["msg_type"] for m in seen] == ["complete_reply", "inspect_reply"]
    assert seen[0]["content"]["matches"] == ["features", "feature_grid"] and seen[1]["content"]["found"]
    assert client.hb_channel.is_beating()
    request = client.session.msg("interrupt_request")
    client.control_channel.send(request)
    assert answer(client, "control", request["header"]["msg_id"])["content"]["status"] == "ok"
    reply = session.finish(cell).reply["content"]
    assert reply["ename"] == "KeyboardInterrupt"
    assert "Line 1 was interrupted." in "\n".join(reply["traceback"])
    assert session.run("session").status == "ok"


def test_an_encrypted_session_answers_only_who_has_its_key(tmp_path):
    manager = jupyter_client.KernelManager(kernel_name="tessera", connection_file=str(tmp_path / "connection.json"))
    manager.transport_encryption = "required"
    manager.start_kernel(cwd=str(tmp_path))
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        assert client.execute_interactive("echo hello", timeout=30)["content"]["status"] == "ok"
        connection = json.loads((tmp_path / "connection.json").read_text())
        for key in [key for key in connection if key.startswith("curve")]:
            del connection[key]
        (tmp_path / "open.json").write_text(json.dumps(connection))
        stranger = jupyter_client.BlockingKernelClient(connection_file=str(tmp_path / "open.json"))
        stranger.load_connection_file()
        stranger.start_channels(hb=False)
        stranger.kernel_info()
        for receive in (stranger.get_shell_msg, stranger.get_iopub_msg):
            with pytest.raises(queue.Empty):
                receive(timeout=1)
        stranger.stop_channels()
        assert client.execute_interactive("echo again", timeout=30)["content"]["status"] == "ok"
        client.stop_channels()
    finally:
        manager.shutdown_kernel()
