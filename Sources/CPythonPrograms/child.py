"""A program that does one thing: it reads a request, as JSON, from descriptor 3, does it, and answers with JSON.

The request names the "module" whose do(request) is called, and the limits "seconds" (of processors) and "bytes" (of
address space) of what it may take. The answer has "result", or "problem", a sentence, or "missing", a module that is not
there, or "full", where the disk is. What libraries print goes to the error output.
"""

import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import sys
import traceback

REQUEST = 3


def main():
    answer = os.dup(1)
    os.dup2(2, 1)
    with open(REQUEST, "rb") as file:
        request = json.load(file)
    limit(request)
    try:
        reply = {"result": importlib.import_module(request["module"]).do(request)}
    except ImportError as error:
        traceback.print_exc()
        reply = {"missing": error.name or str(error)}
    except MemoryError:
        reply = {"problem": "The memory that it may take, or all that there is, is not enough."}
    except Exception as error:
        if type(error).__name__ != "Refusal":
            traceback.print_exc()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            reply = {"full": True}
            os.write(answer, json.dumps(reply).encode())
            return
        reply = {"problem": str(error) if type(error).__name__ == "Refusal" else
                 f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"}
    os.write(answer, json.dumps(reply).encode())


def limit(request):
    # It goes when the one that waits for it does.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # At the limit of time it gets a signal that tells it from others, and no more than a moment after it.
    resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"] + 10))
    resource.setrlimit(resource.RLIMIT_AS, (request["bytes"], request["bytes"]))
    # Where memory is short the system ends this program, and not the kernel.
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("900")
