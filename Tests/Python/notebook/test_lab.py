"""The linked view of `explore` in JupyterLab and Notebook 7, in a browser, as a reader uses it."""

import csv
import os
import re
import shutil
import subprocess
import time

import nbformat
import numpy as np
import pytest

from browser import Page
from lab import ANYWIDGET, JUPYTER, MANAGER, Server, keep_picture, needs_lab
from running import run_file
from test_explore_page import PAINTED, SLIDE, STAGE, at, chosen, press, within

pytestmark = needs_lab
# Each state takes a server and a browser of its own.
every_state = pytest.mark.skipif(
    os.environ.get("TESSERA_LAB") != "all", reason="TESSERA_LAB=all tries every state of a notebook with a view")

SETTING = "project ./demo\ndf = features models/hpv.onnx outcomes=HPV_status\nu = slide_map df"
VIEW = 1
PICTURE = "{}.querySelector('.jp-RenderedImage img')"
CARD = "document.querySelector('.card.floating')"
# What a front end says that lacks one of the extensions, whatever the kernel.
OF_THE_FRONT_END = "Exception opening new comm|No version of module anywidget|Shared module @jupyter-widgets/base"
PANEL = "document.querySelector('.selection')"


@pytest.fixture
def served(mapped_demo, tmp_path):
    """Starts servers whose folder of work has the demo with its features, and a notebook with a view."""
    shutil.copytree(mapped_demo, tmp_path / "work")
    servers = []

    def start(app="lab", **options):
        servers.append(Server(tmp_path, app, **options))
        if not (tmp_path / "work" / "view.ipynb").exists():
            servers[-1].write("view.ipynb", SETTING, "explore u")
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def tiles(mapped_demo):
    """Of each tile of the demo's map: slide, place on the map, and centre on the slide."""
    with open(mapped_demo / "map.csv") as file:
        rows = list(csv.DictReader(file))
    return rows, *(np.array([float(row[name]) for row in rows]) for name in ("x", "y", "location_x", "location_y"))


def shown(page):
    """Runs the cells and waits for the view."""
    page.run(0)
    page.run(VIEW)
    page.show(VIEW)
    page.wait(PAINTED, 30)
    return page


def has_picture(page, cell=VIEW):
    image = PICTURE.format(page.node(cell))
    return page.value(f"Boolean({image} && {image}.complete && {image}.naturalWidth > 100)")


def draw(page, corners, stage=STAGE):
    """Draws a closed ring by the mouse."""
    corners = [*corners, corners[0]]
    trail = [tuple(np.add(a, np.subtract(b, a) * part)) for a, b in zip(corners, corners[1:]) for part in np.linspace(0, 1, 8)]
    page.value("performance.clearMarks('tessera-selection-shown')")
    page.trail(*trail)
    page.wait("performance.getEntriesByName('tessera-selection-shown').length", 20)
    return chosen(page)


def statement(page):
    return page.value(f"{PANEL}.querySelector('pre').textContent")


def polygon_of(text):
    return [float(number) for number in re.search(r"polygon=\[([^\]]*)\]", text).group(1).split(",")]


def places_in(path):
    with open(path) as file:
        return sorted((row["slide"], int(row["index"])) for row in csv.DictReader(file))


def hover(page, x, y):
    """Points at a place of the map; gives what the card says."""
    page.value("performance.clearMarks('tessera-tile-shown')")
    page.mouse("Moved", *at(page, x, y))
    page.wait("performance.getEntriesByName('tessera-tile-shown').length", 20)
    page.wait(f"(() => {{ const c = {CARD}.querySelector('canvas'); return c.width > 16 &&"
              " c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[3] === 255; })()", 10)
    return page.value(f"{CARD}.textContent")


def test_a_lasso_in_jupyterlab_becomes_a_value_that_a_fresh_kernel_makes_again(served, tiles):
    rows, x, y, *_ = tiles
    server = served()
    with server.open("view.ipynb", webgl=True, width=1400, height=1900) as page:
        shown(page)
        assert page.value(f"{STAGE}.dataset.renderer") == "webgl2"
        card = hover(page, x[100], y[100])
        assert rows[100]["slide"] in card and "HPV_status" in card and "prediction" in card

        press(page, "Lasso")
        middle, spread = (np.median(x), np.median(y)), (np.ptp(x) / 5, np.ptp(y) / 4)
        count = draw(page, [at(page, middle[0] + spread[0] * dx, middle[1] + spread[1] * dy)
                            for dx, dy in ((-1, -1), (1, -1), (0.2, 0), (1, 1), (-1, 1))])
        first = statement(page)
        assert count == within(polygon_of(first), x, y).sum() > 20
        page.value(f"{PANEL}.querySelector('.keep button.main').click()")
        page.wait("document.querySelector('.status').textContent.startsWith('Kept as s1')", 20)
        keep_picture("explore.png", page.screenshot())

        page.write(2, "save s1 kept.csv")
        page.run(2)
        run_file(server.work, f"{SETTING}\n{first}\nsave s1 again.csv\n")
        assert places_in(server.work / "kept.csv") == places_in(server.work / "again.csv")
        assert len(places_in(server.work / "kept.csv")) == count
        assert page.complaints == []


def test_a_region_on_the_slide_selects_the_tiles_that_lie_there(served, tiles):
    rows, x, y, left, top = tiles
    server = served("notebook")
    with server.open("view.ipynb", webgl=True) as page:
        shown(page)
        page.wait(f"{SLIDE}?.dataset.scale > 0", 20)
        press(page, "Lasso")
        on = np.array([row["slide"] == "DEMO-01" for row in rows])
        # Tiles are 604 pixels wide; no centre lies on the edges.
        low, high = np.quantile(np.stack([left, top], 1)[on], [0.2, 0.7], axis=0) + 150
        count = draw(page, [at(page, *place, SLIDE, 1) for place in
                            ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))], SLIDE)
        text = statement(page)
        assert count == (within(polygon_of(text), left, top) & on).sum() > 5
        run_file(server.work, f"{SETTING}\n{text}\nsave s1 again.csv\n")
        wanted = sorted((row["slide"], int(row["index"])) for row, is_in in
                        zip(rows, within(polygon_of(text), left, top) & on) if is_in)
        assert places_in(server.work / "again.csv") == wanted
        keep_picture("explore-slide.png", page.screenshot())
        assert page.complaints == []


def test_a_view_outlives_a_reload_and_says_when_its_kernel_is_gone(served, tiles):
    _, x, y, *_ = tiles
    with served().open("view.ipynb", webgl=True) as page:
        shown(page)
        page.save()
        page.load()
        page.show(VIEW)
        page.wait(PAINTED, 30)
        hover(page, x[7], y[7])

        page.restart_kernel()
        page.wait("document.querySelector('.status').textContent.includes('kernel is gone')", 20)
        keep_picture("explore-kernel-gone.png", page.screenshot())
        page.load()
        page.show(VIEW)
        page.wait(f"{page.node(VIEW)}.querySelector('img')?.naturalWidth > 100", 20)
        assert "not found" not in page.value(f"{page.node(VIEW)}.textContent")
        keep_picture("explore-earlier-kernel.png", page.screenshot())

        shown(page)
        hover(page, x[7], y[7])
        assert page.complaints == []


@every_state
def test_a_saved_notebook_shows_the_picture_in_a_fresh_kernel_trusted_or_not(served):
    server = served()
    with server.open("view.ipynb", webgl=True) as page:
        shown(page)
        saved = page.save()
    (output,) = saved.cells[VIEW].outputs
    assert {"image/png", "text/plain"} < set(output.data)
    assert sum(len(str(part)) for part in output.data.values()) < 400_000
    server.close()

    for forget in (False, True):
        again = served(forget_trust=forget)
        with again.open("view.ipynb", webgl=True) as page:
            page.show(VIEW)
            page.wait(f"{page.node(VIEW)}.querySelector('img')?.naturalWidth > 100", 20)
            assert "not found" not in page.value(f"{page.node(VIEW)}.textContent")
            keep_picture(f"explore-reopened-{'untrusted' if forget else 'trusted'}.png", page.screenshot())
            assert page.complaints == []
        again.close()


@every_state
@pytest.mark.parametrize("extensions, is_live", [
    ({}, False), ({MANAGER: None}, False), ({ANYWIDGET: None}, False), ({MANAGER: None, ANYWIDGET: "0.9.4"}, True),
    ({MANAGER: None, ANYWIDGET: "1.2.0"}, True)], ids=["none", "manager", "anywidget", "older", "newer"])
def test_without_its_extensions_the_view_is_its_picture(served, extensions, is_live):
    with served(extensions=extensions).open("view.ipynb", webgl=True) as page:
        page.run(0)
        page.run(VIEW)
        page.show(VIEW)
        if is_live:
            page.wait(PAINTED, 30)
        else:
            # Longer than a front end takes that can.
            time.sleep(3)
            assert has_picture(page)
            assert page.value(f"!{page.node(VIEW)}.querySelector('.tessera-view')")
            keep_picture(f"explore-with-{'-'.join(extensions).replace('/', '-') or 'nothing'}.png", page.screenshot())
        assert [text for text in page.complaints if not re.search(OF_THE_FRONT_END, text)] == []


@every_state
def test_a_notebook_turned_into_a_page_has_the_picture_and_asks_for_nothing_more(served, tmp_path):
    with served().open("view.ipynb", webgl=True) as page:
        shown(page)
        saved = page.save()
    bare = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("explore u")])
    nbformat.write(bare, tmp_path / "bare.ipynb")
    nbformat.write(saved, tmp_path / "full.ipynb")
    requests = {}
    for name in ("bare", "full"):
        subprocess.run([JUPYTER, "nbconvert", "--to", "html", tmp_path / f"{name}.ipynb"], check=True, capture_output=True)
        with Page() as page:
            page.open(tmp_path / f"{name}.html")
            requests[name] = {url for url in page.requests if url.startswith("http")}
            if name == "full":
                # That of the map, and that of the view.
                page.wait("[...document.images].filter(image => image.naturalWidth > 100).length === 2")
                page.value("[...document.images].at(-1).scrollIntoView()")
                keep_picture("explore-nbconvert.png", page.screenshot())
    assert requests["full"] == requests["bare"]
