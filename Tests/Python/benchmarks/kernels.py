"""Times kernels side by side, a fresh process for each repetition, and prints the medians as a table.

    kernels.py --echo PATH/EchoKernel [--tessera PATH/tessera] [--xeus-python PYTHON] [--repetitions 5]

The peers are ipykernel, from the Python that runs this, and xeus-python, from another one if given. All kernels take
turns within each repetition, so that a change in the machine's load meets all of them alike. The client's own share is
in every figure: HMAC, JSON and polling in Python cost about as much as the fastest of these kernels.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

PYTHON = {
    "cell": "1+1", "word": "impor", "endless": "import time\nwhile True: time.sleep(0.005)",
    "picture": "import base64, os; from IPython.display import display\n"
               "display({'image/png': base64.b64encode(os.urandom(5_000_000)).decode()}, raw=True)",
}
ECHO = {"cell": "echo 1", "word": "pro", "endless": "sleep 600", "picture": "png 5000000"}
TESSERA = {"cell": "session", "word": "mos"}


class Run:
    """One kernel process and a client of it."""

    def __init__(self, command, folder):
        path, info = write_connection_file(os.path.join(folder, "kernel.json"), key=os.urandom(16).hex().encode())
        self.context = zmq.Context()
        # The default of 100 ms would be in the cold start, since the client connects before the kernel binds.
        self.context.setsockopt(zmq.RECONNECT_IVL, 2)
        self.start = time.perf_counter()
        self.process = subprocess.Popen([*command, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = BlockingKernelClient(context=self.context)
        self.client.load_connection_info(info)
        self.client.start_channels(hb=False)
        self.sockets = {name: getattr(self.client, f"{name}_channel").socket for name in ["shell", "iopub", "control"]}
        self.poller = zmq.Poller()
        for made in self.sockets.values():
            made.rcvhwm = 0
            self.poller.register(made, zmq.POLLIN)

    def send(self, kind, content, channel="shell"):
        message = self.client.session.msg(kind, content)
        self.client.session.send(self.sockets[channel], message)
        return message["header"]["msg_id"]

    def wait(self, identifiers, needs_idle=True, until=None, seconds=60):
        """Reads until every request has its reply and idle, or until one message of the type `until`."""
        replies, idles = set(identifiers), set(identifiers if needs_idle else ())
        deadline = time.perf_counter() + seconds
        while replies or idles:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{len(replies)} replies and {len(idles)} idles are missing")
            for made, _ in self.poller.poll(1000):
                while (message := self.client.session.recv(made)[1]) is not None:
                    parent = (message["parent_header"] or {}).get("msg_id")
                    if parent in identifiers and message["msg_type"] == until:
                        return
                    if made is not self.sockets["iopub"]:
                        replies.discard(parent)
                    elif message["content"].get("execution_state") == "idle":
                        idles.discard(parent)

    def timed(self, kind, content, **options):
        start = time.perf_counter()
        self.wait([self.send(kind, content)], **options)
        return (time.perf_counter() - start) * 1e3

    def execute(self, code):
        return self.timed("execute_request", cell(code))

    def resident_megabytes(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6

    def close(self):
        self.client.stop_channels()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.context.destroy(linger=0)


def cell(code):
    return {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": True}


def measure(run, texts):
    figures = {}
    run.wait([run.send("kernel_info_request", {})], needs_idle=False)
    figures["cold start, ms"] = (time.perf_counter() - run.start) * 1e3
    time.sleep(1)
    figures["idle RSS, MB"] = run.resident_megabytes()
    for _ in range(20):
        run.execute(texts["cell"])
    figures["execute p50, ms"] = statistics.median(run.execute(texts["cell"]) for _ in range(300))
    question = {"code": texts["word"], "cursor_pos": len(texts["word"])}
    figures["complete p50, ms"] = statistics.median(run.timed("complete_request", question) for _ in range(50))
    start = time.perf_counter()
    run.wait({run.send("execute_request", cell(texts["cell"])) for _ in range(1000)})
    figures["queued executes per s"] = 1000 / (time.perf_counter() - start)
    if "picture" in texts:
        run.execute(texts["picture"])
        figures["5 MB PNG, ms"] = statistics.median(run.execute(texts["picture"]) for _ in range(5))
    if "endless" in texts and run.interrupts:
        figures["interrupt p50, ms"] = statistics.median(interrupted(run, texts["endless"]) for _ in range(10))
    start = time.perf_counter()
    run.send("shutdown_request", {"restart": False}, "control")
    while run.process.poll() is None:
        time.sleep(0.0005)
    figures["shutdown to exit, ms"] = (time.perf_counter() - start) * 1e3
    return figures


def interrupted(run, code):
    identifier = run.send("execute_request", cell(code))
    run.wait([identifier], until="execute_input")
    time.sleep(0.1)
    start = time.perf_counter()
    run.send("interrupt_request", {}, "control")
    run.wait([identifier])
    return (time.perf_counter() - start) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--echo", required=True, help="the EchoKernel executable, built for release")
    parser.add_argument("--tessera", help="the tessera executable, built for release")
    parser.add_argument("--xeus-python", help="a Python that has xeus-python")
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    kernels = {"echo": ([options.echo], ECHO), "ipykernel": ([sys.executable, "-m", "ipykernel_launcher", "-f"], PYTHON)}
    if options.tessera:
        kernels["tessera"] = ([options.tessera, "kernel", "--connection-file"], TESSERA)
    if options.xeus_python:
        # It dies of an interrupt.
        kernels["xeus-python"] = ([options.xeus_python, "-m", "xpython_launcher", "-f"], PYTHON)

    results = {name: [] for name in kernels}
    for _ in range(options.repetitions):
        for name, (command, texts) in kernels.items():
            with tempfile.TemporaryDirectory() as folder:
                os.environ["XDG_STATE_HOME"] = folder
                run = Run(command, folder)
                run.interrupts = name != "xeus-python"
                try:
                    results[name].append(measure(run, texts))
                finally:
                    run.close()
    rows = dict.fromkeys(row for figures in results.values() for row in figures[0])
    print("| medians of", options.repetitions, "|", " | ".join(results), "| ipykernel / echo |")
    print("|---|" + "---:|" * (len(results) + 1))
    for row in rows:
        medians = {name: statistics.median(run[row] for run in runs) for name, runs in results.items() if row in runs[0]}
        cells = [f"{medians[name]:.3g}" if name in medians else "-" for name in results]
        print(f"| {row} |", " | ".join(cells), f"| {medians['ipykernel'] / medians['echo']:.3g} |")
    print(json.dumps({"load": os.getloadavg(), "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
