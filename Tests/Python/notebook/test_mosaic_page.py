"""The page of a mosaic in a browser, opened from the disk: nothing serves it, and it asks for nothing."""

import csv
import json
import shutil

import pytest

from browser import CHROMIUM, Page
from running import run_file

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

IDLE = "document.getElementById('mosaic').dataset.waiting === '0'"
TIP = "(document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText)"


@pytest.fixture(scope="module")
def pages(mapped_demo, tmp_path_factory):
    """Mosaics of the demo as pages, one with a slide and a label that are markup."""
    folder = tmp_path_factory.mktemp("pages") / "a b & c#d"
    folder.mkdir()
    shutil.copytree(mapped_demo / "demo", folder / "demo")
    annotations = folder / "demo" / "annotations.csv"
    annotations.write_text(annotations.read_text().replace("siteA", "</script><script>document.title='broken'</script>"))
    run_file(folder, "project ./demo\ndf = features models/hpv.onnx outcomes=HPV_status\nu = slide_map df\n"
                     "m = mosaic u num_tiles_x=30 outcomes=site title='<b>Demo</b>'\nsave m m.html\nsave m m.csv\n"
                     "g = mosaic u layout=grid num_tiles_x=30 resolution=high show_prediction=0\nsave g g.html\n"
                     "f = mosaic u num_tiles_x=20 focus=[DEMO-01] relative_size=true\nsave f f.html\n")
    return folder


def state(page):
    return json.loads(page.value("JSON.stringify(document.getElementById('mosaic').dataset)"))


def canvas(page):
    return page.value("(() => { const b = document.getElementById('mosaic').getBoundingClientRect();"
                      " return [b.left, b.top, b.width, b.height]; })()")


def colours(page):
    """How many different colours the canvas shows."""
    return page.value("(() => { const c = document.getElementById('mosaic'), d = c.getContext('2d')"
                      ".getImageData(0, 0, c.width, c.height).data, s = new Set();"
                      " for (let i = 0; i < d.length; i += 64) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);"
                      " return s.size; })()")


def content(page):
    return json.loads(page.value("document.getElementById('content').textContent"))


def place(page, data, tile):
    """Where a tile is seen when the whole mosaic is."""
    left, top, width, height = canvas(page)
    key = page.value("document.getElementById('key').offsetWidth")
    free = width - key - 20 if key > 0 and width > 2.5 * (key + 20) else width
    scale = float(state(page)["scale"])
    x = (free - data["columns"] * scale) / 2 + (data["column"][tile] + 0.5) * scale
    y = (height - data["rows"] * scale) / 2 + (data["rows"] - 0.5 - data["row"][tile]) * scale
    return left + x, top + y


def test_a_page_opens_from_the_disk_and_asks_for_nothing(pages):
    with Page() as page:
        page.open(pages / "m.html")
        page.wait(IDLE)
        assert page.complaints == []
        assert [url for url in page.requests if not url.startswith(("data:", "file:"))] == []
        assert sum(url.startswith("file:") for url in page.requests) == 1
        assert page.value("document.title") == "<b>Demo</b>" == page.value("document.querySelector('h1').textContent")
        assert page.value("document.getElementById('caption').textContent").count("UMAP of ") == 1
        # Names that look like markup are text.
        assert "</script>" in page.value("document.getElementById('key').textContent")
        assert page.value("document.querySelectorAll('#key script, h1 b').length") == 0
        assert colours(page) > 200


def test_hovering_tells_slide_place_label_and_number(pages):
    with open(pages / "m.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with Page() as page:
        page.open(pages / "m.html")
        page.wait(IDLE)
        data = content(page)
        assert len(data["column"]) == len(rows)
        for tile in (0, len(rows) // 2, len(rows) - 1):
            page.mouse("Moved", *place(page, data, tile))
            page.wait("!document.getElementById('tip').hidden")
            lines = page.value(TIP).splitlines()
            row = rows[tile]
            assert lines[0] == row["slide"] and lines[1] == "tile " + f"{int(row['index']):,}"
            assert lines[2] == f"centre at {int(row['location_x']):,}, {int(row['location_y']):,}"
            assert lines[3] == f"site: {row['site']}"
            assert f"column {int(row['column']) + 1}, row {int(row['row']) + 1} from below" in lines
            assert page.value("document.querySelectorAll('#tip script').length") == 0
        page.mouse("Moved", canvas(page)[0] + 2, canvas(page)[1] + 2)
        page.wait("document.getElementById('tip').hidden")


def test_wheel_drag_double_click_keys_and_pinch_move_the_view(pages):
    with Page() as page:
        page.open(pages / "m.html")
        page.wait(IDLE)
        data = content(page)
        whole = state(page)
        # One in the middle: the ends of the mosaic stay in the window.
        tile = min(range(len(data["column"])), key=lambda tile: (
            (data["column"][tile] - data["columns"] / 2) ** 2 + (data["row"][tile] - data["rows"] / 2) ** 2))
        x, y = place(page, data, tile)
        for _ in range(8):
            page.mouse("Wheel", x, y, deltaX=0, deltaY=-240)
        page.wait(f"document.getElementById('mosaic').dataset.scale > {whole['scale']} * 4")
        page.wait(IDLE)
        near = state(page)
        assert int(near["level"]) < int(whole["level"])
        # What is under the pointer stays there.
        page.mouse("Moved", x, y)
        page.wait("!document.getElementById('tip').hidden")
        first = page.value(TIP)
        assert first.splitlines()[0] == data["slides"][data["slide"][tile]]
        aside = x - min(float(near["scale"]), x - 20)
        page.drag((x, y), (aside, y))
        page.mouse("Moved", aside + 1, y)
        page.wait(f"{TIP} === {json.dumps(first)}")
        page.key("0", "0")
        page.wait(f"document.getElementById('mosaic').dataset.scale === '{whole['scale']}'")

        for count in (1, 2):
            page.mouse("Pressed", x, y, button="left", buttons=1, clickCount=count)
            page.mouse("Released", x, y, button="left", clickCount=count)
        page.wait(f"Math.abs(document.getElementById('mosaic').dataset.scale / {whole['scale']} - 2) < 1e-6")
        page.key("-", "-")
        page.wait(f"Math.abs(document.getElementById('mosaic').dataset.scale / {whole['scale']} * 1.5 - 2) < 1e-6")
        page.value("document.getElementById('whole').click()")
        page.wait(f"document.getElementById('mosaic').dataset.scale === '{whole['scale']}'")

        left, top, width, height = canvas(page)
        middle, across = top + height / 2, left + width / 3
        page.touch("Start", (across - 40, middle), (across + 40, middle))
        page.touch("Move", (across - 80, middle), (across + 80, middle))
        page.touch("Move", (across - 120, middle), (across + 120, middle))
        page.touch("End")
        page.wait(f"document.getElementById('mosaic').dataset.scale > {whole['scale']} * 1.3")


def test_the_keyboard_goes_from_tile_to_tile_and_says_which(pages):
    with Page() as page:
        page.open(pages / "m.html")
        page.wait(IDLE)
        page.value("document.getElementById('mosaic').focus()")
        page.key("ArrowRight")
        page.wait("document.getElementById('spoken').textContent !== ''")
        seen = [page.value("document.getElementById('spoken').textContent")]
        for key in ("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"):
            page.key(key)
            seen.append(page.value("document.getElementById('spoken').textContent"))
        assert len(set(seen)) >= 3 and all("tile " in text for text in seen)
        page.key("Escape")
        page.wait("document.getElementById('tip').hidden")


def test_a_large_mosaic_has_its_tiles_in_a_folder_and_shows_them_sharp(pages):
    files = sorted(path.name for path in (pages / "g_tiles").iterdir())
    assert len(files) > 20 and (pages / "g.html").stat().st_size < 2_000_000
    with Page() as page:
        page.open(pages / "g.html")
        page.wait(IDLE)
        assert "failed" not in state(page) and page.complaints == []
        assert sorted(name + ".jpg" for name in content(page)["blocks"]) == files
        left, top, width, height = canvas(page)
        for _ in range(12):
            page.mouse("Wheel", left + width / 3, top + height / 2, deltaX=0, deltaY=-240)
        page.wait("document.getElementById('mosaic').dataset.level === '0'")
        page.wait(IDLE)
        assert "failed" not in state(page) and page.complaints == []
        # Pictures of files cannot be read back from the canvas; a page of tissue is a large picture.
        assert len(page.screenshot()) > 300_000
        assert page.value("document.querySelector('#key .ends').innerText").split() == ["0", "1"]


@pytest.mark.parametrize("dark", [False, True])
def test_a_page_follows_the_colours_of_the_system(pages, dark):
    with Page(dark=dark) as page:
        page.open(pages / "f.html")
        page.wait(IDLE)
        corner = page.value("(() => { const c = document.getElementById('mosaic'), p = c.getContext('2d');"
                            " return [...p.getImageData(c.width / 2, c.height / 2, 1, 1).data]; })()")
        body = page.value("getComputedStyle(document.body).backgroundColor")
        assert (body == "rgb(22, 25, 29)") is dark
        assert colours(page) > 50 and corner[3] in (0, 255)
        if dark:
            # The pale ground that the tiles were painted on is not seen.
            pale = page.value("(() => { const c = document.getElementById('mosaic'), d = c.getContext('2d')"
                              ".getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4)"
                              " if (d[i] === 0xE9 && d[i + 1] === 0xEB && d[i + 2] === 0xEE) n++; return n; })()")
            assert pale == 0
