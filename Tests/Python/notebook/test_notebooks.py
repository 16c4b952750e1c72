"""The notebooks of the repository: run from top to bottom, and as they are stored."""

import base64
import struct

import nbformat
import pytest
from nbclient import NotebookClient

from running import REPOSITORY

# With the largest size of what is stored, in bytes.
NOTEBOOKS = {"quickstart": 1_500_000, "reference": 3_000_000, "explore": 2_500_000}


def stored(name):
    return nbformat.read(REPOSITORY / "notebooks" / f"{name}.ipynb", as_version=4)


def executed(name, folder):
    notebook = stored(name)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(
        notebook, kernel_name="tessera", timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.validate(notebook)
    return notebook


def outputs(notebook, command):
    """The outputs of the cell that has a line that begins with a command."""
    return [output for cell in notebook.cells if cell.cell_type == "code"
            for output in cell.outputs if any(line.startswith(command) for line in cell.source.splitlines())]


def pictures(notebook, command):
    return [o for o in outputs(notebook, command) if "image/png" in o.get("data", {})]


def png_width(encoded):
    data = base64.b64decode(encoded)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">I", data[16:20])[0]


def check_picture(output):
    width = output["metadata"]["image/png"]["width"]
    assert 200 <= width <= 1200
    assert png_width(output["data"]["image/png"]) >= width


def test_quickstart_runs_and_shows_mosaic_map_and_table(tmp_path):
    notebook = executed("quickstart", tmp_path)
    for command in ("m = mosaic", "u = slide_map", "label u by=["):
        found = pictures(notebook, command)
        assert len(found) == 1, command
        check_picture(found[0])
    tables = [o for o in outputs(notebook, "s = stats") if "text/html" in o.get("data", {})]
    assert "<table" in tables[0]["data"]["text/html"] and "slide p" in tables[0]["data"]["text/plain"]


def test_every_step_of_the_page_on_layer_activations_runs(tmp_path):
    notebook = executed("reference", tmp_path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs, cell.source
    for command in ("box_plots", "g = feature_grid", "m = mosaic df", "label m by=", "mosaic df map_slide=centroid",
                    "mosaic df filters=", "slide_map df show_prediction=", "mosaic m.map show_prediction=",
                    "slide_map df predict_on_axes=", "slide_map df outcomes=age", "p = plot_3d"):
        found = pictures(notebook, command)
        assert found, command
        for picture in found:
            check_picture(picture)
    for name in ("stats/slide_level_summary.csv", "mosaic.png", "mosaic.html", "umap.png", "umap.h5", "3d_plot.png"):
        assert (tmp_path / name).stat().st_size > 1000, name
    assert len(list((tmp_path / "boxplots").glob("*.png"))) >= 100


def test_the_story_of_the_live_view_runs_without_a_page_and_has_its_picture(tmp_path):
    notebook = executed("explore", tmp_path)
    view = outputs(notebook, "e = explore u")
    assert len(view) == 1 and set(view[0]["data"]) == {"image/png", "text/plain"}
    check_picture(view[0])
    for name in ("arm", "cloud", "right"):
        table = outputs(notebook, f"{name} = select u polygon=")[-2]
        assert "tiles of 2321 selected" in table["data"]["text/plain"], name
    assert (tmp_path / "explore.html").stat().st_size > 1_000_000


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_stored_notebooks_have_their_outputs_and_are_small(name):
    path = REPOSITORY / "notebooks" / f"{name}.ipynb"
    assert path.stat().st_size < NOTEBOOKS[name]
    notebook = stored(name)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)
    assert "image/png" in outputs(notebook, "e = explore" if name == "explore" else "m = mosaic")[0]["data"]
    # A view that somebody looked at stays a picture in the file.
    assert "widgets" not in notebook.metadata
