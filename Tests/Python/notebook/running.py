"""Drives the installed kernel as a notebook does, and the installed program as a shell does."""

import os
import queue
import subprocess
import time
from pathlib import Path

import jupyter_client
import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("TESSERA_SHARED", REPOSITORY.parent / "shared"))
TESSERA = os.environ.get("TESSERA", "tessera")

needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason=f"needs the shared data in {SHARED}")


class Cell:
    """What running one cell gave."""

    def __init__(self, reply, messages):
        self.reply = reply
        self.status = reply["content"]["status"]
        self.messages = messages
        # What a front end shows in the end: updates replace the display that they name.
        self.outputs = []
        for message in messages:
            name = message["content"].get("transient", {}).get("display_id")
            shown = [o for o in self.outputs if name and o["content"].get("transient", {}).get("display_id") == name]
            if message["msg_type"] == "update_display_data":
                for output in shown:
                    output["content"] = message["content"]
            else:
                self.outputs.append(dict(message))

    def data(self, mime):
        """The contents of one type, of every output that has it."""
        return [o["content"]["data"][mime] for o in self.outputs
                if o["msg_type"] in ("display_data", "execute_result") and mime in o["content"]["data"]]

    @property
    def stdout(self):
        return "".join(o["content"]["text"] for o in self.outputs if o["msg_type"] == "stream")

    @property
    def text(self):
        return "\n".join(self.data("text/plain")) + "\n" + self.stdout

    @property
    def error(self):
        content = self.reply["content"]
        return f"{content['ename']}: {content['evalue']}"


class Session:
    """One running kernel."""

    def __init__(self, folder):
        self.manager = jupyter_client.KernelManager(kernel_name="tessera")
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)

    def start(self, code):
        """Sends a cell and returns at once."""
        return self.client.execute(code)

    def finish(self, identity, timeout=300):
        """Waits for a cell's reply and its idle."""
        outputs = []
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") != identity:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
            outputs.append(message)
        while True:
            reply = self.client.get_shell_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == identity:
                return Cell(reply, outputs)

    def run(self, code, timeout=300):
        return self.finish(self.start(code), timeout)

    def wait_for_output(self, identity, kinds, timeout=60):
        """Waits until a running cell has sent a message of one of the kinds."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") == identity and message["msg_type"] in kinds:
                return message
        raise AssertionError(f"no {kinds} within {timeout} s")

    def kill(self):
        self.manager.provisioner.process.kill()
        self.manager.provisioner.process.wait()
        self.close()

    def close(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)


def run_file(folder, text, *arguments, check=True):
    """`tessera run` on a command file in a folder."""
    path = Path(folder) / "cell.tsr"
    path.write_text(text)
    result = subprocess.run(
        [TESSERA, "run", str(path), *arguments], cwd=folder, capture_output=True, text=True, timeout=600)
    if check:
        assert result.returncode == 0, result.stderr
    return result
