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
        assert page.value("performance.getEntriesByName('tessera-tile-shown').map(each => each.detail)") == [first]
        page.value("hosts[0].delay = 60")
        for tile in [*others, last]:
            page.mouse("Moved", *at(page, data["x"][tile], data["y"][tile]))
        page.wait(f"hosts[0].outstanding.tile === 0 && document.querySelector('.floating dl').textContent.includes('tile{last:,} ')")
        assert page.value("hosts[0].most.tile") == 1
        assert page.complaints == []


def circle(middle, radius, count=25):
    return [(middle[0] + radius * np.cos(angle), middle[1] + radius * np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, count)]


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
        expected = within(step["polygon"], data["x"], data["y"])
        assert count == expected.sum() > 100
        assert page.value("performance.getEntriesByName('tessera-selection-shown').map(each => each.detail)") == [count]
        # The panel: shares by label and slide, pictures, what sets it apart, the statement.
        page.wait("document.querySelectorAll('.apart button').length === 2")
        rows = page.value("[...document.querySelectorAll('.groups tr')].map(row => [...row.children].map(cell => cell.textContent).join('|')).join('\\n')")
        assert f"positive||{(expected & (data['ink'] == 0)).sum()}|of {(data['ink'] == 0).sum()}" in rows.splitlines()
        assert f"DEMO-03||{(expected & (data['slide'] == 2)).sum()}|of 800" in rows.splitlines()
        assert page.value("document.querySelectorAll('.sheet button').length") == 24
        assert page.value("document.querySelector('.selection pre').textContent").startswith("s1 = select u polygon=")
        kept(page, "lasso")
        page.value("document.querySelector('.apart button').click()")
        page.wait("document.querySelector('.legend').textContent.includes('activation of feature 12')")
        assert page.value("document.querySelector('.bar select').value") == "feature:"
        kept(page, "values")
        assert page.complaints == []


def test_steps_add_subtract_stay_within_a_class_and_are_undone(small):
    data, path = small
    x, y, ink = data["x"], data["y"], data["ink"]
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        press(page, "Subtract")
        press(page, "Rectangle")
        page.drag(at(page, -1, -1), at(page, 1, 1))
        page.wait("document.querySelector('.status.error')?.textContent.includes('no selection to subtract')")
        press(page, "Add")
        page.drag(at(page, -3, -3), at(page, 1, 1))
        first = within(asked(page, "select")[-1]["steps"][0]["polygon"], x, y)
        assert chosen(page) == first.sum() > 50
        page.value("(() => { const s = document.querySelector('[aria-label=\"Select within\"]'); s.value = '1'; })()")
        press(page, "Pan")
        # With Shift one lassos in any tool.
        page.trail(*circle(at(page, 5, 2), 90), modifiers=8)
        page.wait("asked.filter(each => each.do === 'select').length === 2 && hosts[0].outstanding.select === 0")
        steps = asked(page, "select")[-1]["steps"]
        assert [step["mode"] for step in steps] == ["new", "add"] and steps[1]["within"] == {"by": "HPV_status", "class": "negative"}
        both = first | within(steps[1]["polygon"], x, y) & (ink == 1)
        page.wait(f"document.querySelector('.head').textContent.startsWith('{both.sum():,} tiles')")
        (point,) = alone(data, 1, among=np.flatnonzero(~both))
        page.click(*at(page, x[point], y[point]), modifiers=2)
        page.wait(f"document.querySelector('.head').textContent.startsWith('{both.sum() + 1:,} tiles')")
        assert asked(page, "select")[-1]["steps"][-1] == {"mode": "add", "point": point}
        press(page, "Undo")
        page.wait(f"document.querySelector('.head').textContent.startsWith('{both.sum():,} tiles')")
        press(page, "Clear")
        page.wait("document.querySelector('.selection').hidden")
        press(page, "Undo")
        page.wait(f"!document.querySelector('.selection').hidden && document.querySelector('.head').textContent.startsWith('{both.sum():,} tiles')")

        # Kept under a name, or told why not; the name that is offered is free.
        page.value("(() => { const n = document.querySelector('.keep input'); n.value = 'u'; n.dispatchEvent(new Event('input')); })()")
        press(page, "Keep as u", ".keep")
        page.wait("document.querySelector('.status.error')?.textContent === 'The name u is taken: values never change.'")
        page.value("(() => { const n = document.querySelector('.keep input'); n.value = 'mine'; n.dispatchEvent(new Event('input')); })()")
        press(page, "Keep as mine", ".keep")
        page.wait("document.querySelector('.keep input').value === 's2'")
        assert asked(page, "keep")[-1]["steps"] == steps
        assert page.value("document.querySelector('.selection pre').textContent") == "mine = select u polygon=[[1.25, 2.5]]"

        # A selection that the kernel refuses is not shown as one.
        page.value("hosts[0].refused = hosts[0].answers.select, hosts[0].answers.select = question => { if (question.steps.length === 1) "
                   "throw new Error('Too large.'); return hosts[0].refused(question); }; 1")
        press(page, "New")
        press(page, "Rectangle")
        page.drag(at(page, 5, 0), at(page, 9, 4))
        page.wait("document.querySelector('.status').textContent === 'Too large.'")
        page.wait("asked.filter(each => each.do === 'select').at(-1).steps.length === 2 && hosts[0].outstanding.select === 0")
        assert asked(page, "select")[-1]["steps"] == steps
        assert page.complaints == []


def test_a_brush_becomes_one_ring_around_its_stroke(small):
    data, path = small
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        press(page, "Brush")
        # Around a hole, and with a tail.
        trail = [at(page, *place) for place in circle((0, 0), 2, 60)] + [at(page, *place) for place in ((3, 1), (6, 2), (7, 2))]
        page.trail(*trail)
        count = chosen(page)
        (step,) = asked(page, "select")[-1]["steps"]
        assert 8 <= len(step["polygon"]) / 2 <= 500
        expected = within(step["polygon"], data["x"], data["y"])
        assert count == expected.sum()
        places = np.array([at(page, 0, 0), at(page, 1, 1)])
        scale = places[1] - places[0]
        stroke = LineString(trail)
        away = np.array([stroke.distance(Point(*(places[0] + scale * place))) for place in np.stack([data["x"], data["y"]], 1)])
        assert expected[away < 12.5].all() and not expected[away > 15.5].any()
        middle = np.hypot(data["x"], data["y"]) < 0.8
        assert middle.sum() > 20 and not expected[middle].any()
        kept(page, "brush")
        assert page.complaints == []


# Without WebGL the map is a plain canvas, which can be read.
INKS = ("(() => { const c = document.querySelector('.mapped canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " const n = [0, 0, 0, 0]; for (let i = 0; i < d.length; i += 4) { if (d[i + 3] < 100) continue; const [r, g, b] = d.slice(i, i + 3);"
        " if (Math.max(r, g, b) - Math.min(r, g, b) < 20) n[3]++; else if (r > g && r > b) n[0]++; else if (b > g) n[1]++; else n[2]++; }"
        " return n; })()")


def test_without_webgl_classes_are_greyed_isolated_and_searched(small):
    data, path = small
    with Page(1200, 1000, webgl=False) as page:
        opened(page, path)
        assert page.value(f"{STAGE}.dataset.renderer") == "canvas"
        page.wait(f"{INKS}[2] > 500")
        whole = page.value(INKS)
        assert min(whole[:3]) > 500
        toggles = "[...document.querySelectorAll('.legend [aria-pressed]')]"
        assert page.value(f"{toggles}.map(each => each.textContent)") == [
            f"{each['name']}{(data['ink'] == place).sum()}" for place, each in enumerate(data["classes"])]
        page.value(f"{toggles}[0].click()")
        page.wait(f"{INKS}[0] === 0 && {INKS}[3] > 500")
        assert page.value(f"{toggles}[0].getAttribute('aria-pressed')") == "false"
        page.value("document.querySelector('[aria-label=\"Only positive\"]').click()")
        page.wait(f"{INKS}[0] > 500 && {INKS}[1] === 0 && {INKS}[2] === 0")
        page.value("document.querySelector('[aria-label=\"Only positive\"]').click()")
        page.wait(f"Math.abs({INKS}[1] - {whole[1]}) < 50")
        search = "document.querySelector('[type=search]')"
        page.value(f"{search}.value = 'demo-03', {search}.dispatchEvent(new Event('input')), 1")
        page.wait(f"{INKS}[1] < {whole[1]} * 0.7 && {INKS}[1] > 100")
        assert page.value("document.querySelector('.status').textContent") == "1 slide, 800 tiles."
        assert page.value("document.querySelectorAll('.thumbs button').length") == 1
        page.value(f"{search}.value = '', {search}.dispatchEvent(new Event('input')), 1")

        menu = "document.querySelector('.bar select')"
        page.value(f"{menu}.focus(), 1")
        page.wait(f"[...{menu}.querySelectorAll('optgroup')].map(each => each.label).join() === 'Annotations,Activations,This session'")
        assert page.value(f"{menu}.value") == "HPV_status"
        page.value(f"{menu}.value = 'feature:', {menu}.dispatchEvent(new Event('change')), 1")
        page.wait("document.querySelector('.legend').textContent.startsWith('activation of feature 0')")
        number = "document.querySelector('[type=number]')"
        page.value(f"{number}.value = 64, {number}.dispatchEvent(new Event('change')), 1")
        page.wait("document.querySelector('.status.error')?.textContent === 'Features have numbers from 0 to 63.'")
        page.value(f"{number}.max = 999, {number}.value = 999, {number}.dispatchEvent(new Event('change')), 1")
        page.wait("document.querySelector('.status.error')?.textContent.startsWith('There is no feature 999')")
        assert page.value(f"{number}.value") == "0"
        assert page.complaints == []


def test_names_that_are_markup_stay_text(small):
    data, path = small
    with Page(1200, 1400, webgl=True) as page:
        opened(page, path)
        page.value("document.querySelectorAll('.thumbs button')[1].click()")
        press(page, "Rectangle")
        page.drag(at(page, -6, -3.5), at(page, 11, 11))
        chosen(page)
        (point,) = alone(data, 1, among=np.flatnonzero((data["slide"] == 1) & (data["ink"] == 2)))
        page.mouse("Moved", *at(page, data["x"][point], data["y"][point]))
        page.wait("document.querySelector('.floating dl')?.textContent.includes('prediction')")
        page.click(*at(page, data["x"][point], data["y"][point]))
        page.wait("document.querySelectorAll('.pinned .strip button').length === 8")
        assert page.value("document.querySelector('.floating strong').textContent") == MARKUP
        assert page.value("document.querySelectorAll('img').length") == 0
        assert page.value("document.title") == "whole"
        assert page.complaints == []


def test_the_slide_selects_pins_and_shows_what_the_map_does(small):
    data, path = small
    side = data["tileSide"]
    centre = np.stack([data["left"], data["top"]], 1) + side / 2
    with Page(1300, 1000, webgl=True) as page:
        opened(page, path)
        page.wait("hosts[0].outstanding.pieces === 0 && document.querySelectorAll('.thumbs button').length === 3")
        tile = 3 * 310
        place = at(page, *centre[tile], SLIDE, 1)
        page.mouse("Moved", *place)
        page.wait(f"document.querySelector('.slides .floating dl')?.textContent.includes('tile{tile} ')")
        page.click(*place)
        page.wait("document.querySelectorAll('.pinned .strip button').length === 8")
        assert asked(page, "near")[-1]["point"] == tile
        kept(page, "pinned")

        # Pinning on the map shows the tile's slide, and brings the tile into sight.
        page.value("document.querySelector('.slides .stage').focus()")
        for _ in range(6):
            page.key("+", "+")
        other = alone(data, 3, among=np.arange(2, 2400, 3))[-1]
        page.key("Escape")
        page.click(*at(page, data["x"][other], data["y"][other]))
        page.wait("document.querySelector('.slides .title').textContent.startsWith('DEMO-03')")
        page.key("Escape")
        page.wait("document.querySelector('.pinned').hidden")

        # A lasso on the slide: the tiles whose middle is inside.
        page.value("document.querySelector('.thumbs button').click()")
        page.wait("document.querySelector('.slides .title').textContent.startsWith('DEMO-01')")
        press(page, "Lasso")
        page.trail(*circle(at(page, 5000, 5000, SLIDE, 1), 90, 60))
        count = chosen(page)
        (step,) = asked(page, "select")[-1]["steps"]
        assert step["on"] == 0 and all(float(value).is_integer() for value in step["polygon"])
        expected = within(step["polygon"], *centre.T) & (data["slide"] == 0)
        assert count == expected.sum() > 20
        page.wait(f"document.querySelector('.thumbs .count').textContent === '{expected.sum()} of 800'")
        press(page, "Brush")
        press(page, "Add")
        trail = [at(page, *place, SLIDE, 1) for place in ((1500, 9000), (4000, 9500), (8000, 9000))]
        page.trail(*trail)
        page.wait("document.querySelectorAll('.head').length && asked.filter(each => each.do === 'select').length === 2 && hosts[0].outstanding.select === 0")
        polygon = asked(page, "select")[-1]["steps"][1]["polygon"]
        both = expected | within(polygon, *centre.T) & (data["slide"] == 0)
        page.wait(f"document.querySelector('.head').textContent.startsWith('{both.sum()} tiles')")
        kept(page, "slide")
        assert both.sum() > expected.sum() + 10

        # Deep into the slide and across it: one request for pieces at a time, and no piece twice while it is kept.
        press(page, "Pan")
        page.value(f"{SLIDE}.focus()")
        for key in ["+"] * 6 + ["ArrowRight"] * 6 + ["ArrowDown"] * 6:
            page.key(key, key if key == "+" else None)
        page.wait("asked.some(each => each.do === 'pieces' && each.pieces.some(piece => piece[0] === 0))")
        page.wait("hosts[0].outstanding.pieces === 0", 30)
        pieces = [tuple(piece) for question in asked(page, "pieces") if question["slide"] == 0 for piece in question["pieces"]]
        assert page.value("hosts[0].most.pieces") == 1 and any(piece[0] == 0 for piece in pieces) and pieces[0][0] == 2
        assert all(len(question["pieces"]) <= 32 for question in asked(page, "pieces"))
        kept(page, "deep")
        assert page.complaints == []


def test_everything_can_be_done_by_keys(small):
    data, path = small
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        for _ in range(40):
            page.key("Tab")
            if page.value(f"document.activeElement === {STAGE}"):
                break
        assert page.value(f"document.activeElement === {STAGE} && {STAGE}.matches(':focus-visible')")
        before = camera(page)
        for key in ("ArrowRight", "ArrowDown"):
            page.key(key)
        page.key("+", "+")
        page.wait(f"Math.abs({STAGE}.dataset.scale / {before['scale']} - 1.5) < 1e-6 && +{STAGE}.dataset.x > {before['x']} && +{STAGE}.dataset.y < {before['y']}")
        page.key("0", "0")
        page.wait(f"+{STAGE}.dataset.scale === {before['scale']}")

        # From point to point, and to the next one in a direction.
        seen = []
        for key, alt in (("n", 0), ("n", 0), ("n", 0), ("ArrowRight", 1), ("ArrowUp", 1)):
            page.key(key, key if len(key) == 1 else None, modifiers=alt)
            page.wait(f"document.querySelector('.floating dl')?.textContent.includes('prediction') && document.querySelector('.floating dl').textContent !== {json.dumps(seen[-1] if seen else '')}")
            seen.append(page.value("document.querySelector('.floating dl').textContent"))
        assert len(set(seen)) == 5
        page.wait("document.querySelector('.spoken').textContent.includes('HPV_status: ')")
        points = [question["point"] for question in asked(page, "tile")]
        middle = np.hypot(data["x"] - before["x"], data["y"] - before["y"])
        assert points[:3] == np.argsort(middle)[:3].tolist()
        assert data["x"][points[3]] > data["x"][points[2]] and data["y"][points[4]] > data["y"][points[3]]
        page.key("Enter")
        page.wait("document.querySelectorAll('.pinned .strip button').length === 8")
        page.key("Escape")
        page.wait("document.querySelector('.pinned').hidden")

        # Three corners make a lasso.
        for keys in (["-"], [" "], ["ArrowRight"] * 3 + [" "], ["ArrowUp"] * 4 + [" "]):
            for key in keys:
                page.key(key, key if len(key) == 1 else None)
        kept(page, "keys")
        page.key("Enter")
        count = chosen(page)
        (step,) = asked(page, "select")[-1]["steps"]
        assert len(step["polygon"]) == 6 and count == within(step["polygon"], data["x"], data["y"]).sum() > 0
        page.wait("document.querySelector('.spoken').textContent.endsWith('selected.')")
        for key, tool in (("l", "lasso"), ("r", "rectangle"), ("b", "brush"), ("m", "pan")):
            page.key(key, key)
            assert page.value("document.querySelector('.tessera-view').dataset.tool") == tool
        page.key("?", "?")
        page.wait("document.querySelector('dialog').open")
        kept(page, "help")
        page.key("Escape")
        page.wait("!document.querySelector('dialog').open")
        # JupyterLab must take none of these keys: it asks the element that has the focus.
        assert page.value("[...document.querySelectorAll('.tessera-view :is(button, input, select, [tabindex])')]"
                          ".every(each => each.dataset.lmSuppressShortcuts === 'true')")
        assert page.complaints == []


LOSE = ("(globalThis.lose = document.querySelector('.mapped canvas').getContext('webgl2').getExtension('WEBGL_lose_context'), "
        "lose.loseContext(), 1)")


def test_a_lost_graphics_context_is_drawn_without_until_it_is_back(small):
    _, path = small
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        page.value(LOSE)
        page.wait(f"{STAGE}.dataset.renderer === 'canvas' && {INKS}[1] > 500")
        page.value("lose.restoreContext(), 1")
        page.wait(f"{STAGE}.dataset.renderer === 'webgl2'")
        kept(page, "restored")
        assert page.complaints == []


def test_of_twenty_views_those_in_sight_hold_graphics_and_the_others_come_back(tmp_path):
    with Page(1200, 900, webgl=True) as page:
        page.open(harness(tmp_path, sample(2400), views=20))
        renderers = "[...document.querySelectorAll('.mapped .stage')].map(each => each.dataset.renderer || 'none')"
        page.wait(f"{renderers}[0] === 'webgl2'", 40)
        for view in range(20):
            page.value(f"document.querySelectorAll('.host')[{view}].scrollIntoView(), 1")
            page.wait(f"{renderers}[{view}] === 'webgl2'", 40)
            assert page.value(f"{renderers}.filter(each => each === 'webgl2').length") <= 3
        assert page.value(f"{renderers}.filter(each => each === 'snapshot').length") >= 17
        page.value("scrollTo(0, 0), 1")
        page.wait(f"{renderers}[0] === 'webgl2' && {renderers}[19] === 'snapshot'")
        assert page.complaints == []


def test_a_view_whose_kernel_is_gone_stays_and_says_so(small):
    data, path = small
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        page.value("hosts[0].disconnect(), 1")
        assert page.value("document.querySelector('.tessera-view').dataset.gone") == ""
        page.wait("document.querySelector('.status.error')?.textContent === 'The kernel is gone: run the cell again.'")
        assert page.value("[...document.querySelectorAll('[data-live]')].every(each => each.disabled)")
        (point,) = alone(data, 1)
        page.mouse("Moved", *at(page, data["x"][point], data["y"][point]))
        page.wait("document.querySelector('.floating strong')?.textContent")
        before = len(asked(page, "tile"))
        page.trail(*circle(at(page, 0, 0), 60), modifiers=8)
        page.value(f"{STAGE}.focus(), 1")
        page.key("+", "+")
        assert len(asked(page, "tile")) == before and asked(page, "select") == []
        kept(page, "gone")
        page.value("ends[0](), 1")
        assert page.value("document.querySelectorAll('.tessera-view').length") == 0
        assert page.complaints == []


def test_the_slide_to_begin_with_may_be_told(tmp_path):
    with Page(1200, 1000, webgl=True) as page:
        opened(page, harness(tmp_path, sample(2400), slideShown=2))
        page.wait("document.querySelector('.slides .title').textContent.startsWith('DEMO-03')")
        assert [question["slide"] for question in asked(page, "slide")] == [2]


def test_a_given_selection_is_shown_and_pictures_may_be_missing(tmp_path):
    data = sample(2400)
    with Page(1200, 1000, webgl=True) as page:
        opened(page, harness(tmp_path, data, selected=True, pictures=False, picturesNote="The tiles have no pictures here.",
                             name="s4"))
        assert chosen(page) == 40
        assert asked(page, "select")[0]["steps"] == [{"mode": "new", "on": "given"}] and asked(page, "select")[0]["name"] == "s4"
        # Of the 40 first tiles 14 are of the first slide, and 13 of each other.
        page.wait("document.querySelector('.slides .title').textContent.startsWith('DEMO-01')")
        assert "The tiles have no pictures here." in page.value("document.querySelector('.tessera-view').textContent")
        page.wait("document.querySelectorAll('.apart button').length === 2")
        assert asked(page, "tiles") == []
        assert page.complaints == []


CONTRAST = r"""(() => {
  const bright = c => { const [r, g, b] = c.match(/[\d.]+/g).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = node => { for (; node; node = node.parentElement) { const c = getComputedStyle(node).backgroundColor;
    if (!/, 0\)$/.test(c) && c !== 'transparent') return c; } return 'rgb(255, 255, 255)'; };
  return [...document.querySelectorAll('.tessera-view *')].filter(node => node.offsetParent && !node.disabled && !node.closest('canvas') &&
    [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())).map(node => {
      const [a, b] = [bright(getComputedStyle(node).color), bright(ground(node))].sort((a, b) => b - a);
      return [(a + 0.05) / (b + 0.05), node.className + ' ' + node.textContent.slice(0, 30)]; }).filter(([ratio]) => ratio < 4.5);
})()"""
SMALL_TARGETS = """[...document.querySelectorAll('.tessera-view :is(button, input, select)')].filter(node => node.offsetParent).map(node =>
  [node.type === 'checkbox' ? node.parentElement : node]).map(([node]) => [node.getBoundingClientRect(), node.textContent])
  .filter(([box]) => Math.min(box.width, box.height) < (box.height < 24 && box.width > 60 ? 18 : 24)).map(([box, text]) => [box.width, box.height, text])"""


@pytest.mark.parametrize("width, ground", [(1200, ""), (400, ""), (1200, "background:#111;"), (400, "--jp-layout-color0:#1c1c1c;background:#1c1c1c;")])
def test_it_is_legible_in_both_themes_and_at_phone_width(tmp_path, width, ground):
    data = sample(2400)
    with Page(width, 900, webgl=True) as page:
        opened(page, harness(tmp_path, data, ground=ground))
        assert page.value("document.querySelector('.tessera-view').classList.contains('dark')") is bool(ground)
        (point,) = alone(data, 1)
        page.click(*at(page, data["x"][point], data["y"][point]))
        page.wait("document.querySelectorAll('.pinned .strip button').length === 8")
        if width > 700:
            page.key("Escape")
        page.trail(*circle(at(page, 0, 0), 60), modifiers=8)
        chosen(page)
        page.wait("document.querySelectorAll('.apart button').length === 2")
        assert page.value("document.documentElement.scrollWidth") <= width
        assert page.value(CONTRAST) == []
        assert page.value(SMALL_TARGETS) == []
        page.resize(width, int(page.value("document.documentElement.scrollHeight")))
        page.wait("hosts[0].outstanding.pieces === 0")
        kept(page, f"{width}-{'dark' if ground else 'light'}")
        assert page.complaints == []


def test_it_follows_the_theme_while_it_is_shown(small):
    _, path = small
    with Page(1200, 1000, dark=True, webgl=True) as page:
        opened(page, path)
        dark = "document.querySelector('.tessera-view').classList.contains('dark')"
        assert page.value(dark)
        page.value("document.body.style.background = '#ffffff', 1")
        page.wait(f"!{dark}")
        assert page.complaints == []


def test_wheel_pinch_and_double_click_zoom_only_where_they_are_meant(small):
    data, path = small
    with Page(1200, 900, webgl=True) as page:
        opened(page, path)
        whole = camera(page)
        x, y = at(page, 2, 8)
        page.mouse("Wheel", x, y, deltaX=0, deltaY=-240)
        page.wait("document.querySelectorAll('.hint.shown').length === 1")
        assert camera(page)["scale"] == whole["scale"]
        page.mouse("Wheel", x, y, deltaX=0, deltaY=-240, modifiers=2)
        page.wait(f"+{STAGE}.dataset.scale > {whole['scale']} * 1.5")
        # The browser cuts places of the mouse to whole pixels.
        assert at(page, 2, 8) == pytest.approx((x, y), abs=2)
        page.click(x, y)
        page.key("Escape")
        page.mouse("Wheel", x, y, deltaX=0, deltaY=-240)
        page.wait(f"+{STAGE}.dataset.scale > {whole['scale']} * 2.5")
        for count in (1, 2):
            page.mouse("Pressed", x, y, button="left", buttons=1, clickCount=count)
            page.mouse("Released", x, y, button="left", clickCount=count)
        page.wait(f"+{STAGE}.dataset.scale === {whole['scale']}")
        page.touch("Start", (x - 40, y), (x + 40, y))
        page.touch("Move", (x - 80, y), (x + 80, y))
        page.touch("Move", (x - 120, y), (x + 120, y))
        page.touch("End")
        page.wait(f"+{STAGE}.dataset.scale > {whole['scale']} * 1.5")
        # A thousand times nearer, the card goes with its point.
        page.value(f"{STAGE}.querySelector('.zoom button:last-child').click()")
        page.wait(f"+{STAGE}.dataset.scale === {whole['scale']}")
        page.value(f"{STAGE}.focus(), 1")
        page.key("Escape")
        (point,) = alone(data, 1)
        x, y = at(page, data["x"][point], data["y"][point])
        page.mouse("Moved", x, y)
        page.wait("!document.querySelector('.floating').hidden")
        for _ in range(30):
            page.mouse("Wheel", x, y, deltaX=0, deltaY=-300, modifiers=2)
        page.wait(f"+{STAGE}.dataset.scale > {whole['scale']} * 1000")
        left, width = page.value("(() => { const b = document.querySelector('.floating').getBoundingClientRect(); return [b.left, b.width]; })()")
        place = at(page, data["x"][point], data["y"][point])[0]
        stage = camera(page)
        near = min(max(place, stage["left"]), stage["left"] + stage["width"])
        assert min(abs(left - near), abs(left + width - near)) < 20
        assert page.complaints == []


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """A saved page: an even number of tiles has pictures, two tiles no place."""
    folder = tmp_path_factory.mktemp("frozen")
    data = sample(600)
    data["open"]["slides"][2]["name"] = '=1+"x",y'
    left, top = data["left"].copy(), data["top"].copy()
    left[[7, 8]] = top[[7, 8]] = -2**31
    small = "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="
    entries = [{**each, "count": int((data["ink"] == place).sum())} for place, each in enumerate(data["classes"])]
    saved = {
        "open": {**data["open"], "count": 600, "isFrozen": True, "colourings": data["open"]["colourings"][:1] + [
            {"key": "logit:1", "title": "logit 1", "group": "predictions"}]},
        "x": base(data["x"]), "y": base(data["y"]), "slide": base(data["slide"]), "selected": None,
        "colours": {
            "HPV_status": {"kind": "classes", "title": "HPV_status", "classes": entries, "missing": int((data["ink"] == 255).sum()),
                           "bytes": 1, "data": base(data["ink"])},
            "logit:1": {"kind": "values", "title": "logit 1", "low": -1.0, "high": 3.0, "light": ["#440154", "#fde725"] * 16,
                        "dark": ["#440154", "#fde725"] * 16, "missing": 0, "bytes": 1, "data": base((np.arange(600) % 255).astype(np.uint8))}},
        "tiles": {"side": 96, "columns": 16, "count": 256, "sheets": [small, small], "points": list(range(0, 600, 2))},
        "places": {"x": base(left), "y": base(top)}, "record": base((np.arange(600) // 3).astype(np.uint32))}
    page = folder / "explore.html"
    page.write_text(
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>saved</title><style>{style()}</style></head><body><div id=view></div>"
        f"<script type='application/json' id=data>{json.dumps(saved).replace('<', chr(92) + 'u003c')}</script><script type=module>\n{script()}\n"
        "render({host: frozenHost(JSON.parse(document.getElementById('data').textContent)), el: document.getElementById('view')});</script></html>")
    return data, left, top, page


def test_a_saved_page_works_from_the_disk_and_lists_what_is_selected(frozen):
    data, left, top, path = frozen
    with Page(1200, 1000, webgl=True) as page:
        opened(page, path)
        assert page.value("document.querySelectorAll('.slides, .keep:not([hidden] *)').length") == 0
        seen = {}
        for point in [alone(data, 1, among=range(parity, 600, 2))[0] for parity in (0, 1)]:
            page.mouse("Moved", *at(page, data["x"][point], data["y"][point]))
            page.wait(f"document.querySelector('.floating dl')?.textContent.includes('tile{point // 3} at {left[point]:,}, {top[point]:,}')")
            seen[point % 2] = page.value("document.querySelector('.floating').textContent")
            assert "logit 1" not in seen[point % 2] and "HPV_status" in seen[point % 2]
        assert "no picture" in seen[1] and "no picture" not in seen[0]
        menu = "document.querySelector('.bar select')"
        page.value(f"{menu}.value = 'logit:1', {menu}.dispatchEvent(new Event('change')), 1")
        page.wait("document.querySelector('.legend strong').textContent === 'logit 1'")
        page.mouse("Moved", 5, 5)
        page.mouse("Moved", *at(page, data["x"][point], data["y"][point]))
        page.wait(f"document.querySelector('.floating dl').textContent.includes('logit 1≈ {-1 + point % 255 / 254 * 4:.4g}')")
        press(page, "Lasso")
        trail = [at(page, *place) for place in circle((2, 2), 5, 80)]
        origin, unit = np.array(at(page, 0, 0)), np.subtract(at(page, 1, 1), at(page, 0, 0))
        places = origin + unit * np.stack([data["x"], data["y"]], 1)
        page.value("globalThis.saved = []; URL.createObjectURL = (make => blob => { saved.push(blob); return make(blob); })(URL.createObjectURL), 1")
        page.trail(*trail)
        count = chosen(page)
        ring = Polygon(trail)
        inside = np.array([ring.contains(Point(*place)) for place in places])
        near = np.array([ring.exterior.distance(Point(*place)) < 1.5 for place in places])
        assert count > 200 and abs(count - inside.sum()) <= near.sum()
        kept(page, "frozen")
        press(page, "Download as CSV", ".sheet")
        page.wait("saved.length === 1")
        text = page.value("saved[0].text()")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(rows) == count and text.count("\r\n") == count + 1
        names = [slide["name"] for slide in data["open"]["slides"]]
        names[2] = "'" + names[2]
        found = {(names.index(row["slide"]) + 3 * int(row["index"])): (row["x"], row["y"]) for row in rows}
        chosen_points = np.array(sorted(found))
        assert inside[chosen_points][~near[chosen_points]].all() and set(np.flatnonzero(inside & ~near)) <= set(found)
        for point, place in found.items():
            assert place == (("", "") if point in (7, 8) else (str(left[point]), str(top[point])))
        assert page.value("document.querySelector('.head').textContent").startswith(f"{count} tiles of 600")
        assert page.complaints == [] and [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("count", [100_000])
def test_of_many_points_a_part_is_drawn_in_motion_and_all_when_still(tmp_path, count, capsys):
    with Page(1200, 900, webgl=True) as page:
        opened(page, harness(tmp_path, sample(count)), 60)
        frames = frame_times(page)
        with capsys.disabled():
            print(f"\n{count:,} points, WebGL by software: frames of {np.median(frames):.0f} ms (median), {max(frames):.0f} ms (longest) in motion")
        # What a frame takes is for a machine that does nothing else to say; here, that in motion only a part is drawn.
        parts = json.loads(page.value("JSON.stringify(globalThis.parts)"))
        assert len(parts) > 20 and min(parts) < count
        page.wait(f"+{STAGE}.dataset.drawn === {count}", 60)
        assert page.complaints == []


def frame_times(page):
    """The times between frames, in milliseconds, while the map is dragged and zoomed."""
    return page.value(f"""(async () => {{
      const stage = {STAGE}, box = stage.getBoundingClientRect(), times = [];
      stage.focus();
      const send = (kind, x, y, more) => stage.dispatchEvent(new (kind === 'wheel' ? WheelEvent : PointerEvent)(kind,
        {{ clientX: box.left + x, clientY: box.top + y, pointerId: 1, bubbles: true, cancelable: true, ...more }}));
      stage.setPointerCapture = () => {{}};
      const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
      await new Promise(resolve => setTimeout(resolve, 500));
      send('wheel', 300, 200, {{ deltaY: -1 }});
      await frame();
      let before = await frame();
      for (let i = 0; i < 90; i++) {{
        if (i < 45) send('wheel', 300, 200, {{ deltaY: i < 22 ? -80 : 80 }});
        else if (i === 45) send('pointerdown', 300, 200, {{ button: 0 }});
        else send('pointermove', 300 + 40 * Math.sin(i / 4), 200 + 3 * (i - 45), {{ buttons: 1 }});
        const now = await frame();
        times.push(now - before);
        before = now;
        (globalThis.parts ||= []).push(+stage.dataset.drawn);
      }}
      send('pointerup', 300, 300, {{ button: 0 }});
      return times;
    }})()""")
