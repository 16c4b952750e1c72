"""The notebook that a newcomer runs."""

import base64
import struct

import nbformat
from nbclient import NotebookClient

from running import REPOSITORY


def outputs(notebook, command):
    """The outputs of the cell whose code begins with a command."""
    return [output for cell in notebook.cells if cell.cell_type == "code"
            for output in cell.outputs if any(line.startswith(command) for line in cell.source.splitlines())]


def png_width(encoded):
    data = base64.b64decode(encoded)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">I", data[16:20])[0]


def test_quickstart_runs_and_shows_mosaic_map_and_table(tmp_path):
    notebook = nbformat.read(REPOSITORY / "notebooks" / "quickstart.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(
        notebook, kernel_name="tessera", timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(notebook)
    for command in ("m = mosaic", "u = slide_map", "label u by=["):
        pictures = [o for o in outputs(notebook, command) if "image/png" in o.get("data", {})]
        assert len(pictures) == 1, command
        width = pictures[0]["metadata"]["image/png"]["width"]
        assert 200 <= width <= 1200
        assert png_width(pictures[0]["data"]["image/png"]) >= width
    tables = [o for o in outputs(notebook, "s = stats") if "text/html" in o.get("data", {})]
    assert "<table" in tables[0]["data"]["text/html"] and "slide p" in tables[0]["data"]["text/plain"]


def test_committed_quickstart_has_its_outputs_and_is_small():
    path = REPOSITORY / "notebooks" / "quickstart.ipynb"
    assert path.stat().st_size < 1_500_000
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert "image/png" in outputs(notebook, "m = mosaic")[0]["data"]
