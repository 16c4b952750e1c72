"""How a kernel starts: encrypted, again, from odd connection files, and without a place to write."""
import json
import os
import shutil
import signal
import socket
import subprocess
import uuid

import pytest
import zmq
from attacker import CHANNELS, Attacker
from jupyter_client.manager import KernelManager, start_new_kernel


def test_an_encrypted_session_works_and_a_plain_client_gets_nothing():
    manager = KernelManager(kernel_name="echo")
    manager.transport_encryption = "required"
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=10)
    assert client.execute("echo a", reply=True, timeout=5)["content"]["status"] == "ok"
    plain = Attacker(manager)
    for channel in CHANNELS:
        with plain.socket(channel, zmq.SUB if channel == "iopub" else zmq.DEALER) as made:
            if channel == "iopub":
                made.subscribe(b"")
            else:
                made.send_multipart(plain.frames("kernel_info_request", {}))
            assert not made.poll(200)
    assert client.execute("echo b", reply=True, timeout=5)["content"]["status"] == "ok"
    client.stop_channels()
    manager.shutdown_kernel()
    plain.context.destroy(linger=0)


def test_the_cells_are_still_there_after_a_restart():
    manager, client = start_new_kernel(kernel_name="echo")
    marker = uuid.uuid4().hex
    client.execute(f"result {marker}", reply=True, timeout=5)
    manager.restart_kernel()
    client.wait_for_ready(timeout=10)
    reply = client.history(hist_access_type="search", pattern=f"*{marker}", output=True, n=5, reply=True, timeout=5)
    assert [entry[2] for entry in reply["content"]["history"]] == [[f"result {marker}", marker]]
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def connection(tmp_path, **change):
    ports = [made.getsockname()[1] for made in [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]]
    settings = {"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256"}
    settings |= dict(zip([f"{channel}_port" for channel in CHANNELS], ports)) | change
    path = tmp_path / "kernel.json"
    path.write_text(json.dumps({name: value for name, value in settings.items() if value is not None}))
    return str(path)


@pytest.mark.parametrize("change, said", [
    ({"hb_port": 0}, "outside 1...65535"), ({"hb_port": 65536}, "outside 1...65535"), ({"hb_port": "1"}, "whole number"),
    ({"hb_port": None}, "no 'hb_port'"), ({"key": None}, "no 'key'"), ({"key": 3}, "must be text"),
    ({"transport": "inproc"}, "transport 'inproc'"), ({"signature_scheme": "hmac-md5"}, "hmac-md5"),
    ({"curve_publickey": "x"}, "curve"), ({"ip": "not an address"}, "cannot bind")])
def test_an_odd_connection_file_is_refused_with_the_reason(tmp_path, change, said):
    done = subprocess.run([os.environ["ECHO_KERNEL"], connection(tmp_path, **change)], capture_output=True, text=True, timeout=10)
    assert done.returncode == 1 and said in done.stderr


@pytest.mark.parametrize("content", [b"", b"nope", b"[]", b"\xff", b"{" * 100_000])
def test_a_connection_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "kernel.json"
    path.write_bytes(content)
    done = subprocess.run([os.environ["ECHO_KERNEL"], str(path)], capture_output=True, text=True, timeout=10)
    assert done.returncode == 1 and "connection file" in done.stderr
    assert subprocess.run([os.environ["ECHO_KERNEL"], str(tmp_path)], capture_output=True, timeout=10).returncode == 1


def test_a_port_in_use_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        path = connection(tmp_path, control_port=taken.getsockname()[1])
        done = subprocess.run([os.environ["ECHO_KERNEL"], path], capture_output=True, text=True, timeout=10)
    assert done.returncode == 1 and "cannot bind the control socket" in done.stderr


def can_mount():
    return shutil.which("unshare") and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="needs unshare -m: root ignores the modes of files")
def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    path = connection(tmp_path, key="")
    script = f"mount --bind {home} {home} && mount -o remount,ro,bind {home} && exec {os.environ['ECHO_KERNEL']} {path}"
    environment = {name: value for name, value in os.environ.items() if name != "XDG_STATE_HOME"}
    process = subprocess.Popen(
        ["unshare", "-m", "sh", "-c", script], stderr=subprocess.PIPE, text=True,
        env=environment | {"HOME": str(home), "TMPDIR": str(home), "JUPYTER_RUNTIME_DIR": str(home)})
    with open(path, encoding="utf-8") as file:
        info = json.load(file)
    with zmq.Context() as context, context.socket(zmq.DEALER) as made:
        made.linger = 0
        made.connect(f"tcp://127.0.0.1:{info['shell_port']}")
        header = {"msg_id": "a", "msg_type": "execute_request"}
        made.send_multipart([b"<IDS|MSG>", b"", json.dumps(header).encode(), b"{}", b"{}", b'{"code":"echo a"}'])
        assert made.poll(5000)
        assert json.loads(made.recv_multipart()[-1])["status"] == "ok"
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert "history is not kept" in process.stderr.read()
    assert not list(home.iterdir())
