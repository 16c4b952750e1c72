"""The worker's side of Tessera's protocol for engines (Sources/WorkerEngine/README.md).

Control comes as lines of JSON over the socket that is descriptor 3, tiles and rows lie in the memory that is
descriptor 4.
"""

import json
import mmap
import os
import queue
import signal
import socket
import threading
import time
import traceback

# One batch has one thread: sums then do not depend on how many cores there are.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy

VERSION = 1
MAGIC = b"tessera\0"


class Refusal(Exception):
    """What keeps an engine from computing, in words, and what to do about it."""

    def __init__(self, reason, remedy=None):
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Slots:
    """The shared memory: for each slot tiles as bytes, and a block of rows for each output."""

    def __init__(self, layout, side, outputs):
        self.memory = mmap.mmap(4, layout["bytes"])
        if self.memory[:8] != MAGIC:
            raise Refusal("was given memory of another form")
        self.batch = batch = layout["batch"]
        self.tiles, self.rows = [], []
        for slot in range(layout["slots"]):
            start = layout["input_offset"] + slot * layout["input_stride"]
            pixels = numpy.frombuffer(self.memory, numpy.uint8, batch * side * side * 3, start)
            self.tiles.append(pixels.reshape(batch, side, side, 3))
            start = layout["output_offset"] + slot * layout["output_stride"]
            blocks = []
            for output in outputs:
                block = numpy.frombuffer(self.memory, numpy.float32, batch * output["width"], start)
                blocks.append(block.reshape(batch, output["width"]))
                start += block.nbytes
            self.rows.append(blocks)


class Control:
    """The socket: messages go out from several threads, and come in one by one."""

    def __init__(self):
        self.socket = socket.socket(fileno=3)
        self.lock = threading.Lock()
        self.lines = self.socket.makefile("rb")

    def send(self, **message):
        line = json.dumps(message).encode() + b"\n"
        with self.lock:
            try:
                self.socket.sendall(line)
            except OSError:
                os._exit(0)

    def receive(self):
        """The next message; ends the process with the other side."""
        try:
            line = self.lines.readline()
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            os._exit(0)
        return json.loads(line)


def serve(description, open_engine):
    """Answers until it is told to stop, or the other side has gone.

    `description()` gives what `describe` asks for. `open_engine(start, slots)` gives an object with `device`, `batch`
    and `notes`, and with `serve(receive, answer)`, which does not return: `receive()` gives the next message `run`, and
    answer(message, compute), from any thread, calls `compute`, which gives notes, and answers.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = Control()
    threading.Thread(target=_beat, args=(control,), daemon=True).start()
    message = control.receive()
    if message["type"] == "describe":
        try:
            control.send(type="description", version=VERSION, **description())
        except Refusal as refusal:
            control.send(type="fatal", reason=refusal.reason, remedy=refusal.remedy)
        message = control.receive()
    if message["type"] != "start":
        return
    work = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(control, work), daemon=True).start()
    try:
        if message["version"] != VERSION:
            raise Refusal(f"speaks version {VERSION} of the protocol, and not {message['version']}")
        slots = Slots(message["memory"], message["tiles"]["side"], message["outputs"])
        engine = open_engine(message, slots)
    except Refusal as refusal:
        control.send(type="fatal", reason=refusal.reason, remedy=refusal.remedy)
        return
    except Exception as error:
        traceback.print_exc()
        control.send(type="fatal", reason=f"cannot prepare the network: {one_line(error)}", remedy=None)
        return
    control.send(type="ready", device=engine.device, batch=engine.batch, notes=engine.notes)
    _compute(control, work, engine)


def one_line(error):
    """The first line of an error's text, or its kind where it has none."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__).rstrip(".")[:500]


def _beat(control):
    while True:
        control.send(type="alive")
        time.sleep(1)


def _listen(control, work):
    # Ends the process while a batch is computed, too: nobody wants it any more.
    while True:
        message = control.receive()
        if message["type"] == "stop":
            os._exit(0)
        work.put(message)


def _compute(control, work, engine):
    def answer(message, compute):
        own = {"id": message["id"], "slot": message["slot"]}
        try:
            notes = compute()
        except Exception as error:
            if not isinstance(error, Refusal):
                traceback.print_exception(error)
                error = Refusal(f"failed on a batch: {one_line(error)}")
            control.send(type="failed", reason=error.reason, remedy=error.remedy, **own)
        else:
            control.send(type="done", notes=notes, **own)

    engine.serve(work.get, answer)


def serve_in_lanes(count, compute, receive, answer):
    """Computes so many batches at the same time, each in a thread: compute(slot, count, lane) gives notes."""
    def run(lane):
        while True:
            message = receive()
            answer(message, lambda: compute(message["slot"], message["count"], lane))

    for lane in range(1, count):
        threading.Thread(target=run, args=(lane,), daemon=True).start()
    run(0)
