"""A JupyterLab or Notebook 7 of the tests' own, and its notebooks in a headless Chromium."""
from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from browser import CHROMIUM, Page

JUPYTER = os.environ.get("JUPYTER_OF_TESTS", "")
ARTEFACTS = Path(os.environ.get("TESSERA_ARTEFACTS", "/tmp/tessera-artefacts"))
MANAGER, ANYWIDGET = "@jupyter-widgets/jupyterlab-manager", "anywidget"

needs_lab = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
    pytest.mark.skipif(not os.access(JUPYTER, os.X_OK), reason="needs JupyterLab: JUPYTER_OF_TESTS names its jupyter"),
]

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}
# Each app by the class that its options belong to, and where it opens a notebook.
APPS = {"lab": ("LabApp", "lab/tree"), "notebook": ("JupyterNotebookApp", "notebooks")}

PANEL = "window.jupyterapp.shell.currentWidget"
KERNEL = f"{PANEL}.sessionContext.session.kernel"


class Server:
    """One server on loopback with a token, whose settings, data, state and front-end extensions are its own.

    `extensions` gives each extension of JupyterLab that it shall have, as those of `JUPYTER`'s environment are, or as
    another version. A second server in the same folder finds the files of the first, and what kernels have kept;
    with `forget_trust` it trusts none of its notebooks.
    """

    def __init__(self, folder: Path, app: str = "lab", extensions: dict[str, str | None] | None = None,
                 theme: str | None = None, forget_trust: bool = False):
        self.app, self.folder = app, Path(folder)
        self.work = self.folder / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        own = self.folder / "jupyter"
        if forget_trust:
            shutil.rmtree(own / "data", ignore_errors=True)
        self._settings(own / "settings", theme)
        self._copy_extensions(own / "labextensions", {MANAGER: None, ANYWIDGET: None} if extensions is None else extensions)
        self.token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        trait = APPS[app][0]
        self._log = open(self.folder / "server.log", "wb")
        self._process = subprocess.Popen(
            [JUPYTER, app, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
             "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.work}", "--ServerApp.terminals_enabled=False",
             f"--{trait}.expose_app_in_browser=True", f"--{trait}.labextensions_path={own / 'labextensions'}"],
            stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True,
            env=os.environ | {
                "JUPYTER_TOKEN": self.token, "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"), "JUPYTER_CONFIG_DIR": str(own / "config"),
                "JUPYTER_DATA_DIR": str(own / "data"), "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
                "XDG_STATE_HOME": str(own / "state"), "IPYTHONDIR": str(own / "ipython")})
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _settings(folder: Path, theme: str | None) -> None:
        settings = SETTINGS | ({"@jupyterlab/apputils-extension/themes": {"theme": theme}} if theme else {})
        for name, value in settings.items():
            path = folder / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))

    @staticmethod
    def _copy_extensions(folder: Path, extensions: dict[str, str | None]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        source = Path(JUPYTER).parent.parent / "share/jupyter/labextensions"
        # Notebook 7 has a part of its own among them.
        for name, version in {"@jupyter-notebook/lab-extension": None, **extensions}.items():
            shutil.copytree(source / name, folder / name)
            if version is None:
                continue
            package = folder / name / "package.json"
            actual = json.loads(package.read_text())["version"]
            for file in [package, *(folder / name / "static").glob("*.js")]:
                file.write_text(file.read_text().replace(f'"{actual}"', f'"{version}"'))

    def _wait_until_it_answers(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                self.ask("api/status")
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > end:
                    log = (self.folder / "server.log").read_text()[-2000:]
                    raise RuntimeError(f"jupyter {self.app} does not answer:\n{log}") from None
                time.sleep(0.1)

    def ask(self, path: str):
        request = urllib.request.Request(f"{self.address}/{path}", headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def write(self, name: str, *cells: str, kernel: str = "tessera") -> Path:
        """A notebook with these cells, without outputs."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": ""}
        nbformat.write(notebook, self.work / name)
        return self.work / name

    def open(self, name: str, **options) -> "Notebook":
        return Notebook(self, name, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """Ends the server; it ends its kernels."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._log.close()


class Notebook(Page):
    """A notebook in the browser, with its kernel ready. Cells are counted from 0."""

    def __init__(self, server: Server, name: str, width: int = 1200, height: int = 1000, **options):
        super().__init__(width, height, **options)
        self.server, self.name = server, name
        try:
            self.load()
        except BaseException:
            self.__exit__()
            raise

    def _hear(self, message: dict) -> None:
        # Notebook 7.6 stumbles over a schema of its own at each start.
        if "reading 'schema'" in json.dumps(message) and "/static/notebook/" in json.dumps(message):
            return
        super()._hear(message)

    def load(self) -> None:
        """Opens the notebook; once more, it is what a reader's reload of the page is."""
        # JupyterLab would open the notebooks of before, too.
        self.go(f"{self.server.address}/{APPS[self.server.app][1]}/{self.name}?reset&token={self.server.token}")
        self.wait(f"window.jupyterapp && {PANEL}?.content?.widgets && {PANEL}.context.isReady", 90)
        self.wait_until_idle()

    def wait_until_idle(self, seconds: float = 90) -> None:
        self.wait(f"{PANEL}.sessionContext.session?.kernel?.status === 'idle'", seconds)

    def command(self, name: str, arguments: str = "{}") -> None:
        """Runs a command of the front end and waits for its end."""
        self.value(f"window.jupyterapp.commands.execute('{name}', {arguments})")

    def run(self, cell: int, seconds: float = 120) -> None:
        """Runs a cell and waits for its end; its errors are the test's."""
        self.start(cell)
        self.wait("window.tesseraRan !== false", seconds)
        errors = [output for output in self.outputs(cell) if output["output_type"] == "error"]
        assert not errors, "\n".join(errors[0]["traceback"])

    def start(self, cell: int) -> None:
        self.value(f"(() => {{ {PANEL}.content.activeCellIndex = {cell}; window.tesseraRan = false;"
                   " window.jupyterapp.commands.execute('notebook:run-cell')"
                   ".then(() => { window.tesseraRan = true; }); })()")

    def write(self, cell: int, text: str) -> None:
        """Replaces what stands in a cell, or adds one behind the last."""
        if cell == self.value(f"{PANEL}.content.widgets.length"):
            self.value(f"{PANEL}.content.model.sharedModel.addCell({{cell_type: 'code', source: ''}}), null")
        self.value(f"{PANEL}.content.model.cells.get({cell}).sharedModel.setSource({json.dumps(text)}), null")

    def outputs(self, cell: int) -> list[dict]:
        return self.value(f"{PANEL}.content.model.cells.get({cell}).outputs.toJSON()")

    def node(self, cell: int) -> str:
        """The output area of a cell, as an expression of the page."""
        return f"{PANEL}.content.widgets[{cell}].outputArea.node"

    def show(self, cell: int) -> None:
        """Scrolls until a cell's output is seen."""
        self.value(f"{self.node(cell)}.scrollIntoView({{block: 'start'}})")

    def box(self, element: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of an element on the screen."""
        return tuple(self.value(f"(() => {{ const b = ({element}).getBoundingClientRect();"
                                " return [b.left, b.top, b.width, b.height]; })()"))

    def save(self) -> dict:
        """Saves as the reader does, and gives what was written."""
        self.command("docmanager:save")
        return nbformat.read(self.server.work / self.name, as_version=4)

    def restart_kernel(self) -> None:
        self.value(f"{PANEL}.sessionContext.restartKernel()")
        # The front end does not always hear that a new kernel is idle before something is asked of it.
        self.value(f"{KERNEL}.requestKernelInfo()")
        self.wait_until_idle()

    def kernel_process(self) -> int:
        """The process of this notebook's kernel."""
        file = f"kernel-{self.value(f'{KERNEL}.id')}.json"
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if re.search(rb"\0[^\0]*/" + file.encode() + rb"\0", (folder / "cmdline").read_bytes()):
                    return int(folder.name)
            except OSError:
                continue
        raise LookupError(file)


def keep_picture(name: str, picture: bytes) -> Path:
    """Keeps a screenshot as an artefact of the test run."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    path = ARTEFACTS / name
    path.write_bytes(picture)
    print(f"kept {path}")
    return path
