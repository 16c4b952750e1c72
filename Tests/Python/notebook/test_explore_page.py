"""The view of `explore` in a browser, with a host of the test in the place of a kernel."""

import base64
import csv
import io
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import LineString, Polygon, Point

from browser import CHROMIUM, Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

FRONT_END = Path(__file__).resolve().parents[3] / "Sources" / "CFrontEnd"
PICTURES = os.environ.get("TESSERA_ARTEFACTS")
MARKUP = "<img src=x onerror=\"document.title='broken'\">"
STAGE = "document.querySelector('.mapped .stage')"
SLIDE = "document.querySelector('.slides .stage')"
PAINTED = f"{STAGE} && {STAGE}.dataset.painted > 0 && {STAGE}.dataset.index === 'ready'"


def script():
    """The module as the program has it: its files in the order in which they are embedded."""
    names = re.findall(r'#embed "(explore/\w+\.js)"', (FRONT_END / "front_end.c").read_text())
    return "".join((FRONT_END / name).read_text() for name in names)


def style():
    return (FRONT_END / "explore/explore.css").read_text()


def base(values):
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def sample(count, seed=1):
    """Points in three clusters, on three slides with a lattice of tiles each."""
    random = np.random.default_rng(seed)
    ink = random.integers(0, 3, count).astype(np.uint8)
    place = np.array([[0, 0], [7, 2], [2, 8]])[ink] + random.normal(0, 1.1, (count, 2))
    ink[random.random(count) < 0.02] = 255
    slide = (np.arange(count) % 3).astype(np.uint16)
    on_slide = np.arange(count) // 3
    columns = max(1, int(np.ceil(np.sqrt(count / 3))))
    side = 4 * max(1, 12000 // columns // 4)
    return {
        "x": place[:, 0].astype(np.float32), "y": place[:, 1].astype(np.float32), "slide": slide, "ink": ink,
        "left": ((on_slide % columns) * side + 400).astype(np.int32),
        "top": ((on_slide // columns) * side + 400).astype(np.int32), "tileSide": side, "slideSide": columns * side + 800,
        "classes": [{"name": "positive", "light": "#b4501e", "dark": "#f0a070"},
                    {"name": "negative", "light": "#0072b2", "dark": "#56b4e9"},
                    {"name": MARKUP, "light": "#00735c", "dark": "#2fc9a4"}],
        "open": {
            "title": f"Map of {count} tiles", "caption": "UMAP of postconv, 64 features, n_neighbors 50, min_dist 0.1",
            "subject": "u", "name": "s1", "axes": ["UMAP 1", "UMAP 2"], "noun": "tile", "featureCount": 64,
            "slides": [{"name": name, "patient": f"P{place}", "count": int((slide == place).sum()), "picture": "file"}
                       for place, name in enumerate(["DEMO-01", MARKUP, "DEMO-03"])],
            "colourings": [{"key": "HPV_status", "title": "HPV_status", "group": "annotations"},
                           {"key": "site", "title": MARKUP, "group": "annotations"},
                           {"key": "feature:", "title": "a feature", "group": "activations"}],
            "colouring": "HPV_status", "selected": False, "pictures": True, "isFrozen": False},
    }


def harness(folder, data, ground="", views=1, **more):
    """A page of views, as the loader of the kernel makes them."""
    data = {**data, "open": {**data["open"], **more}}
    packed = {name: base(value) if isinstance(value, np.ndarray) else value for name, value in data.items()}
    safe = lambda value: json.dumps(value).replace("<", "\\u003c")  # noqa: E731
    page = folder / "page.html"
    gap = "<div style='height:900px'></div>"
    page.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>whole</title><style>body{{margin:8px;{ground}}}</style>"
        f"<style>{style()}</style><body>{gap.join('<div class=host></div>' for _ in range(views))}"
        f"<script>{(Path(__file__).parent / 'explore_host.js').read_text()}</script>"
        f"<script>const data = {safe(packed)}; globalThis.hosts = []; globalThis.ends = [];"
        f"import(URL.createObjectURL(new Blob([{safe(script())}], {{type: 'text/javascript'}}))).then(module => {{"
        "for (const el of document.querySelectorAll('.host')) { hosts.push(makeHost(data)); "
        "ends.push(module.render({host: hosts.at(-1), el})); } });</script>")
    return page


def opened(page, path, seconds=30):
    page.open(path)
    page.wait(PAINTED, seconds)
    return page


def camera(page, stage=STAGE):
    """Where a stage is in the window, and what of the world is at its middle."""
    page.value(f"{stage}.scrollIntoView({{block: 'nearest'}})")
    return json.loads(page.value(
        f"(() => {{ const s = {stage}, b = s.getBoundingClientRect(), d = s.dataset; return JSON.stringify({{"
        "left: b.left + s.clientLeft, top: b.top + s.clientTop, width: s.clientWidth, height: s.clientHeight, x: +d.x, y: +d.y, scale: +d.scale}); })()"))


def at(page, x, y, stage=STAGE, flip=-1):
    view = camera(page, stage)
    return (view["left"] + view["width"] / 2 + (float(x) - view["x"]) * view["scale"],
            view["top"] + view["height"] / 2 + flip * (float(y) - view["y"]) * view["scale"])


def press(page, text, within=".bar"):
    found = page.value(f"(() => {{ const b = [...document.querySelectorAll('{within} button')].find("
                       f"b => b.textContent === {json.dumps(text)}); b?.click(); return Boolean(b); }})()")
    assert found, text


def asked(page, kind):
    return json.loads(page.value(f"JSON.stringify(asked.filter(each => each.do === '{kind}'))"))


def head(page):
    return page.value("document.querySelector('.selection').hidden ? '' : document.querySelector('.head').textContent")


def chosen(page):
    """How many points the panel says are selected, once the kernel has answered."""
    page.wait("!document.querySelector('.selection').hidden")
    return int(head(page).split(" ")[0].replace(",", ""))


def within(polygon, x, y):
    """The even-odd rule."""
    x, y = x.astype(float), y.astype(float)
    ring, inside = np.reshape(polygon, (-1, 2)), np.zeros(len(x), bool)
    for (xi, yi), (xj, yj) in zip(ring, np.roll(ring, 1, axis=0)):
        crosses = (yi > y) != (yj > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside ^= crosses & (x < (xj - xi) * (y - yi) / (yj - yi) + xi)
    return inside


def kept(page, name):
    if PICTURES:
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"explore-{name}.png").write_bytes(page.screenshot())


def alone(data, count, among=None):
    """Points whose nearest other is far enough that a pixel decides nothing; the first of them have the lowest numbers."""
    place = np.stack([data["x"], data["y"]], 1).astype(float)
    found = []
    for i in range(len(place)) if among is None else among:
        away = np.hypot(*(place - place[i]).T)
        if np.partition(away, 1)[1] > 0.15:
            found.append(int(i))
        if len(found) == count:
            break
    return found


@pytest.fixture
def small(tmp_path):
    data = sample(2400)
    return data, harness(tmp_path, data)


def test_hovering_shows_the_tile_and_asks_for_the_newest_only(small):
    data, path = small
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        assert page.value(f"{STAGE}.dataset.renderer") == "webgl2"
        first, *others, last = alone(data, 40)
        page.mouse("Moved", *at(page, data["x"][first], data["y"][first]))
        page.wait("document.querySelector('.floating dl')?.textContent.includes('prediction')")
        assert f"tile{first} at " in page.value("document.querySelector('.floating dl').textContent")
        assert page.value("performance.getEntriesByName('tessera-tile-shown').length") == 1
        page.value("hosts[0].delay = 60")
        for tile in [*others, last]:
            page.mouse("Moved", *at(page, data["x"][tile], data["y"][tile]))
        page.wait(f"hosts[0].outstanding.tile === 0 && document.querySelector('.floating dl').textContent.includes('tile{last:,} ')")
        assert page.value("hosts[0].most.tile") == 1
        assert page.complaints == []


def test_a_lasso_selects_what_the_even_odd_rule_says(small):
    data, path = small
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        press(page, "Lasso")
        # A bow: its middle is crossed, so that the rule matters.
        corners = [at(page, *place) for place in ((-3, -3), (3, 3), (3, -3), (-3, 3), (-2, 0))]
        trail = [tuple(np.add(a, np.subtract(b, a) * part)) for a, b in zip(corners, corners[1:]) for part in np.linspace(0, 1, 9)]
        page.trail(*trail)
        count = chosen(page)
        (step,) = asked(page, "select")[-1]["steps"]
        assert step["mode"] == "new" and step["on"] == "map" and step["within"] is None and 4 <= len(step["polygon"]) / 2 <= 500
        assert count == within(step["polygon"], data["x"], data["y"]).sum() > 100
        kept(page, "lasso")
        assert page.complaints == []
