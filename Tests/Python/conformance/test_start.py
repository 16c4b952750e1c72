"""How a kernel starts: encrypted, again, from odd connection files, and without a place to write."""
import json
import os
import resource
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


class Bare:
    """A kernel without a manager, for what a launcher can do wrong."""

    def __init__(self, tmp_path, **options):
        path = connection(tmp_path)
        with open(path, encoding="utf-8") as file:
            self.info = json.load(file)
        self.info["key"] = self.info["key"].encode()
        self.process = subprocess.Popen([os.environ["ECHO_KERNEL"], path], **options)

    def get_connection_info(self):
        return self.info

    @property
    def provisioner(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def start_without(*descriptors):
    for descriptor in descriptors:
        os.close(descriptor)


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_a_kernel_without_standard_descriptors_works(tmp_path, closed):
    with Bare(tmp_path, preexec_fn=lambda: start_without(*closed)) as kernel:
        attacker = Attacker(kernel)
        with attacker.socket("shell") as made:
            for code in ["native hello", "print 20000", "error bad", "nonsense"]:
                attacker.ask(made, attacker.frames("execute_request", {"code": code}))
        attacker.assert_alive()
        attacker.context.destroy(linger=0)


def test_a_log_that_nobody_reads_holds_nothing_up(tmp_path):
    with Bare(tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as kernel:
        attacker = Attacker(kernel)
        with attacker.socket("shell") as made, attacker.socket("control") as control:
            for _ in range(100):
                made.send_multipart(attacker.frames("x" * 20_000, {}))
                control.send_multipart(attacker.frames("x" * 20_000, {}))
            attacker.assert_alive()
            attacker.ask(made, attacker.frames("execute_request", {"code": "print 20000"}))
        attacker.assert_alive()
        attacker.context.destroy(linger=0)


@pytest.mark.parametrize("limit", [20, 32, 40])
def test_too_few_descriptors_are_refused_with_the_reason(tmp_path, limit):
    done = subprocess.run(
        [os.environ["ECHO_KERNEL"], connection(tmp_path)], capture_output=True, text=True, timeout=10,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
    assert done.returncode == 1 and "limit of open files" in done.stderr


def test_a_kernel_that_can_open_no_more_files_goes_on(tmp_path):
    with Bare(tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (80, 80))) as kernel:
        attacker = Attacker(kernel)
        with attacker.socket("shell") as made:
            attacker.ask(made, attacker.frames("kernel_info_request", {}))
            idle = [socket.socket() for _ in range(120)]
            for each in idle:
                each.setblocking(False)
                each.connect_ex((kernel.info["ip"], kernel.info["shell_port"]))
            for code in ["error bad", "native a", "progress 0.2", "echo a"]:
                attacker.ask(made, attacker.frames("execute_request", {"code": code}))
            for each in idle:
                each.close()
        attacker.assert_alive()
        attacker.context.destroy(linger=0)


def test_a_closed_terminal_ends_the_kernel_unless_it_shall_outlive_it(tmp_path):
    # Tests that run under nohup hand on that the signal is ignored.
    with Bare(tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)) as kernel:
        Attacker(kernel).assert_alive()
        kernel.process.send_signal(signal.SIGHUP)
        assert kernel.process.wait(3) == 0
    with Bare(tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as kernel:
        attacker = Attacker(kernel)
        attacker.assert_alive()
        kernel.process.send_signal(signal.SIGHUP)
        attacker.assert_alive()


def test_a_pipe_without_a_writer_is_no_connection_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    done = subprocess.run(
        [os.environ["ECHO_KERNEL"], str(tmp_path / "pipe")], capture_output=True, text=True, timeout=10)
    assert done.returncode == 1 and "nothing was written" in done.stderr


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
