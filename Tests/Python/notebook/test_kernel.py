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
    for identity in (client.complete("feat"), client.inspect("features"), client.kernel_info(), client.comm_info()):
        while not seen or seen[-1]["parent_header"]["msg_id"] != identity:
            seen.append(client.get_shell_msg(timeout=10))
    assert [m["msg_type"] for m in seen] == [
        "complete_reply", "inspect_reply", "kernel_info_reply", "comm_info_reply"]
    assert seen[0]["content"]["matches"] == ["features", "feature_grid"] and seen[1]["content"]["found"]
    assert client.hb_channel.is_beating()
    request = client.session.msg("interrupt_request")
    client.control_channel.send(request)
    assert answer(client, "control", request["header"]["msg_id"])["content"]["status"] == "ok"
    reply = session.finish(cell).reply["content"]
    assert reply["ename"] == "KeyboardInterrupt"
    assert "Line 1 was interrupted." in "\n".join(reply["traceback"])
    assert session.run("session").status == "ok"


def test_cells_that_were_not_run_have_no_number(session_in, tmp_path):
    session = session_in(tmp_path)
    first = session.start("project ./nowhere")
    behind = [session.start(f"echo {index}") for index in range(3)]
    content = session.finish(first).reply["content"]
    assert (content["status"], content["execution_count"]) == ("error", 1)
    for identity in behind:
        assert session.finish(identity).reply["content"] == {"status": "aborted"}
    assert session.run("echo on").reply["content"]["execution_count"] == 2


@pytest.mark.parametrize("word", ["exit", "quit", "exit()", " quit\n"])
def test_a_console_is_left_as_its_users_expect(session_in, tmp_path, word):
    session = session_in(tmp_path)
    cell = session.run(word)
    assert cell.reply["content"]["payload"] == [{"source": "ask_exit", "keepkernel": False}]
    # It is the front end that ends a kernel.
    assert session.run("echo on").stdout == "on\n"


def test_a_value_may_be_called_as_the_word_that_leaves(session_in, tmp_path, demo_tiles):
    session = session_in(tmp_path)
    assert session.run(f"project '{demo_tiles}';\ndataset;\nquit = labels HPV_status").status == "ok"
    assert session.run("quit").reply["content"]["payload"] == []


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
