"""Installs the echo kernel for this run only: ECHO_KERNEL names the built `EchoKernel` executable."""
import json
import os
import tempfile

import pytest

import specification

binary = os.environ.get("ECHO_KERNEL", "")
if not os.access(binary, os.X_OK):
    pytest.exit("ECHO_KERNEL must name the EchoKernel executable (swift build --product EchoKernel)", 2)

_folder = tempfile.TemporaryDirectory(prefix="echo-kernel-")
_spec = os.path.join(_folder.name, "kernels", "echo")
os.makedirs(_spec)
with open(os.path.join(_spec, "kernel.json"), "w", encoding="utf-8") as file:
    json.dump({
        "argv": [os.path.abspath(binary), "{connection_file}"], "display_name": "Echo", "language": "echo",
        "interrupt_mode": "message", "kernel_protocol_version": "5.5", "metadata": {"debugger": False, "supported_encryption": ["curve"]},
    }, file)
os.environ["JUPYTER_PATH"] = _folder.name
os.environ["JUPYTER_RUNTIME_DIR"] = os.path.join(_folder.name, "runtime")
os.environ["XDG_STATE_HOME"] = os.path.join(_folder.name, "state")

specification.watch()


@pytest.fixture(autouse=True)
def every_message_is_as_specified():
    specification.found.clear()
    yield
    assert not specification.found, specification.found[:10]
