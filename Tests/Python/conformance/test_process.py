"""What only a process of its own can show: signals, exit, orphans, and the notebook that a cell leaves behind."""
import json
import os
import signal
import subprocess
import sys
import time

import nbclient
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel


@pytest.fixture
def kernel():
    manager, client = start_new_kernel(kernel_name="echo")
    yield manager, client, manager.provisioner.process
    client.stop_channels()
    if manager.is_alive():
        manager.shutdown_kernel(now=True)


def reply(client, request, timeout=5):
    while True:
        message = client.get_shell_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


def begin(client, code):
    """Sends a cell and waits until it runs."""
    request = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=5)
        if message["msg_type"] == "execute_input" and message["parent_header"]["msg_id"] == request:
            return request


def test_two_hundred_interrupt_signals_do_not_harm_an_idle_kernel(kernel):
    _, client, process = kernel
    for _ in range(200):
        os.kill(process.pid, signal.SIGINT)
        time.sleep(0.001)
    assert reply(client, client.execute("sleep 0.2"))["status"] == "ok"


@pytest.mark.parametrize("way", ["signal", "message"])
def test_an_interrupt_stops_a_cell_within_a_quarter_second(kernel, way):
    manager, client, process = kernel
    request = begin(client, "sleep 30")
    start = time.monotonic()
    if way == "signal":
        os.kill(process.pid, signal.SIGINT)
    else:
        manager.interrupt_kernel()
    assert reply(client, request)["ename"] == "KeyboardInterrupt"
    assert time.monotonic() - start < 0.25


def test_what_a_library_prints_is_shown_line_by_line_while_the_cell_runs(kernel):
    _, client, process = kernel
    begin(client, "print 2\nsleep 30")
    text = ""
    while text != "native line 0\nnative line 1\n":
        text += client.get_iopub_msg(timeout=5)["content"]["text"]
    os.kill(process.pid, signal.SIGINT)


def test_a_cell_that_ignores_everything_does_not_outlive_its_shutdown(kernel):
    manager, client, process = kernel
    begin(client, "hang")
    start = time.monotonic()
    message = client.session.msg("shutdown_request", {"restart": False})
    client.control_channel.send(message)
    while process.poll() is None and time.monotonic() - start < 5:
        time.sleep(0.02)
    assert process.poll() == 0
    assert time.monotonic() - start < 2


def test_termination_is_a_shutdown(kernel):
    _, _, process = kernel
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait() == 0


def test_a_kernel_does_not_outlive_its_launcher():
    code = (
        "import os; from jupyter_client.manager import start_new_kernel\n"
        "manager, _ = start_new_kernel(kernel_name='echo')\n"
        "print(manager.provisioner.process.pid, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    orphan = int(done.stdout)
    for _ in range(60):
        if not os.path.exists(f"/proc/{orphan}"):
            return
        time.sleep(0.05)
    pytest.fail("the kernel still runs")


def test_fifty_megabytes_of_code_and_ten_thousand_requests_are_answered(kernel):
    _, client, _ = kernel
    assert reply(client, client.execute("sleep 0 " + "x" * 50_000_000), timeout=60)["status"] == "ok"
    for request in [client.kernel_info() for _ in range(10_000)]:
        assert reply(client, request, timeout=30)["status"] == "ok"


@pytest.mark.parametrize("change, said", [
    ({"signature_scheme": "nonsense"}, "signature_scheme 'nonsense'"), ({"transport": "udp"}, "transport 'udp'"),
    ({"shell_port": 99999999}, "shell_port is 99999999"), ({"ip": "256.1.1.1"}, "cannot bind"),
    (None, "no 'transport'"), ("absent", "cannot read"),
])
def test_a_bad_connection_file_is_refused_with_the_reason(tmp_path, change, said):
    good = {"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256"}
    good |= {f"{name}_port": 9001 + index for index, name in enumerate(["shell", "iopub", "stdin", "control", "hb"])}
    path = tmp_path / "kernel.json"
    if change != "absent":
        path.write_text(json.dumps({} if change is None else good | change), encoding="utf-8")
    done = subprocess.run([os.environ["ECHO_KERNEL"], str(path)], capture_output=True, text=True, timeout=5)
    assert done.returncode == 1
    assert said in done.stderr


def test_an_executed_notebook_is_the_same_with_and_without_progress():
    def outputs(*cells):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "echo", "display_name": "Echo"}
        nbclient.NotebookClient(notebook).execute()
        nbformat.validate(notebook)
        return [cell.outputs for cell in notebook.cells]

    slow, text, native, picture = outputs("echo a\nprogress 1\ndisplay b", "progress 1\necho b", "native c", "png 5000000")
    (quick,) = outputs("echo a\nprogress 0.1\ndisplay b")
    assert slow == quick
    assert [output.output_type for output in text] == ["display_data", "stream"]
    assert text[0].data == {}
    assert {(output.name, output.text) for output in native} == {("stdout", "c"), ("stderr", "c")}
    assert picture[0].metadata == {"image/png": {"width": 40, "height": 20}}
