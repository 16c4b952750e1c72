"""What an interactive view needs: a display that changes, and a comm that a cell has opened, with binary data."""
from jupyter_client.manager import start_new_kernel


def until_idle(client, request):
    """What was published for a request, without its states."""
    heard = []
    while True:
        message = client.get_iopub_msg(timeout=5)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] != "status":
            heard.append(message)
        elif message["content"]["execution_state"] == "idle":
            return heard


def say(client, kind, content, buffers=()):
    message = client.session.msg(kind, content)
    client.session.send(client.shell_channel.socket, message, buffers=list(buffers))
    return message["header"]["msg_id"]


def test_a_view_is_shown_updated_and_talked_to():
    manager, client = start_new_kernel(kernel_name="echo")
    try:
        _, shown, opened, updated = until_idle(client, client.execute("view cells"))
        identity = shown["content"]["transient"]["display_id"]
        assert opened["msg_type"] == "comm_open" and opened["content"]["target_name"] == "view"
        assert [bytes(buffer) for buffer in opened["buffers"]] == [b"cells"]
        assert updated["msg_type"] == "update_display_data"
        assert updated["content"]["transient"]["display_id"] == identity
        assert updated["content"]["data"]["text/plain"] == "cells, drawn"

        comm = opened["content"]["comm_id"]
        request = say(client, "comm_msg", {"comm_id": comm, "data": {"chosen": "A"}}, [b"\x00\x01\xff", b""])
        updated, answered = until_idle(client, request)
        assert updated["content"]["transient"]["display_id"] == identity
        assert updated["content"]["data"]["text/plain"] == "chosen: A"
        assert answered["content"] == {"comm_id": comm, "data": {"chosen": "A"}}
        assert [bytes(buffer) for buffer in answered["buffers"]] == [b"\xff\x01\x00", b""]

        (closed,) = until_idle(client, say(client, "comm_msg", {"comm_id": comm, "data": {"close": True}}))
        assert closed["msg_type"] == "comm_close"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
