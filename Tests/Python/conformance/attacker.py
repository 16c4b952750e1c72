"""Raw sockets to a kernel, for messages that no client library would send."""
import hashlib
import hmac
import json
import os
import uuid

import specification
import zmq

CHANNELS = ["shell", "iopub", "stdin", "control", "hb"]


class WatchedSocket(zmq.Socket):
    """Checks each message that arrives by itself; what is none, such as a heartbeat, passes."""

    def recv_multipart(self, *args, **options):
        frames = super().recv_multipart(*args, **options)
        if b"<IDS|MSG>" in frames:
            start = frames.index(b"<IDS|MSG>") + 2
            specification.check(specification.message_faults, frames[start:start + 4])
        return frames


class Attacker:
    """Raw sockets to one kernel, with signatures made by hand so that they can be wrong."""

    def __init__(self, manager):
        self.info = manager.get_connection_info()
        self.process = manager.provisioner.process
        self.context = zmq.Context()

    def socket(self, channel, kind=zmq.DEALER, **options):
        made = self.context.socket(kind, socket_class=WatchedSocket)
        for name, value in ({"linger": 0, "rcvhwm": 0, "sndhwm": 0} | options).items():
            setattr(made, name, value)
        made.connect(f"tcp://{self.info['ip']}:{self.info[channel + '_port']}")
        return made

    def signature(self, parts):
        return hmac.new(self.info["key"], b"".join(parts), hashlib.sha256).hexdigest().encode()

    def frames(self, kind, content, header=None):
        header = header if header is not None else {
            "msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "attack", "username": "a", "date": "", "version": "5.5"}
        parts = [json.dumps(header).encode(), b"{}", b"{}",
                 content if isinstance(content, bytes) else json.dumps(content).encode()]
        return [b"<IDS|MSG>", self.signature(parts)] + parts

    def ask(self, made, frames, timeout=10):
        made.send_multipart(frames)
        assert made.poll(timeout * 1000), "no answer"
        return made.recv_multipart()

    def assert_alive(self):
        assert self.process.poll() is None, f"the kernel died: {self.process.returncode}"
        for channel in ["shell", "control"]:
            with self.socket(channel) as made:
                assert b"kernel_info_reply" in b"".join(self.ask(made, self.frames("kernel_info_request", {})))
        with self.socket("shell") as made:
            reply = self.ask(made, self.frames("execute_request", {"code": "echo alive"}))
            assert json.loads(reply[-1])["status"] == "ok"
        with self.socket("hb", zmq.REQ) as made:
            assert self.ask(made, [b"ping"]) == [b"ping"]

    def rss(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
