"""What a user does to a running session: stop it, kill it, mistype in it, bring damaged files."""

import shutil
import time
from pathlib import Path

from running import run_file

OPEN = "project ./demo"
FEATURES = "df = features models/hpv.onnx outcomes=HPV_status"


def stored(folder):
    """The store's feature files: name → (inode, time of change, bytes)."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
            for path in Path(folder).glob("demo/tessera/features/*/*.h5")}


def wait_for_slides(folder, count, timeout=120):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if len(list(Path(folder).glob("demo/tessera/features/*/*.h5"))) >= count:
            return
        time.sleep(0.02)
    raise AssertionError(f"fewer than {count} slides after {timeout} s")


def test_killed_kernel_keeps_finished_slides_and_ends_bit_identical(demo_tiles, mapped_demo, session_in, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    session = session_in(tmp_path)
    assert session.run(OPEN).status == "ok"
    session.start(FEATURES)
    wait_for_slides(tmp_path, 3)
    session.kill()
    before = stored(tmp_path)
    assert 3 <= len(before) < len(stored(mapped_demo))

    again = session_in(tmp_path)
    assert again.run(OPEN + "\n" + FEATURES).status == "ok"
    after = stored(tmp_path)
    assert {name: after[name] for name in before} == before, "a finished slide was written again"
    undisturbed = stored(mapped_demo)
    assert after.keys() == undisturbed.keys()
    assert all(after[name][2] == undisturbed[name][2] for name in after)
    leftovers = [p for p in tmp_path.glob("demo/tessera/**/*.partial")]
    assert len(leftovers) <= 1


def test_interrupt_stops_within_a_second_and_keeps_complete_slides(demo_tiles, session_in, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    session = session_in(tmp_path)
    assert session.run(OPEN).status == "ok"
    cell = session.start(FEATURES)
    wait_for_slides(tmp_path, 2)
    begun = time.monotonic()
    session.manager.interrupt_kernel()
    reply = session.finish(cell, timeout=30)
    assert time.monotonic() - begun < 1
    assert reply.status == "error"
    kept = stored(tmp_path)
    assert len(kept) >= 2
    assert session.run(FEATURES).status == "ok"
    after = stored(tmp_path)
    assert {name: after[name] for name in kept} == kept


def test_second_run_answers_from_the_store_and_shows_the_same(mapped_demo, session_in):
    session = session_in(mapped_demo)
    session.run(OPEN)
    first, second = session.run(FEATURES), session.run(FEATURES)
    assert first.data("text/html") == second.data("text/html")
    assert "store" in session.run("session").text


def test_errors_name_what_is_wrong_and_nothing_is_lost(mapped_demo, session_in):
    session = session_in(mapped_demo)
    session.run(OPEN + "\n" + FEATURES + "\nu = slide_map df")
    for code, expected in {
        "stats df outcomes=HPV_statu": "HPV_status",
        "label u by=sit": "site",
        "label u by=feature:512": "511",
        "features models/hpv.onnx layers=[postcon]": "postconv",
        "features ./models/hpv.onx": "hpv.onx",
        "mosaik df": "mosaic",
        "slide_map df n_neighbors=1": "n_neighbors",
        "activations df slide=DEMO-999": "DEMO",
        "dataset filters={HPV_status: [HPV+]}": "positive",
    }.items():
        cell = session.run(code)
        assert cell.status == "error", code
        assert expected in "\n".join(cell.reply["content"]["traceback"]), (code, cell.reply["content"]["traceback"])
    assert session.run("df").status == "ok"


def test_a_corrupt_record_is_reported_and_costs_only_itself(demo_tiles, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    tiles = sorted((tmp_path / "demo" / "tfrecords").rglob("*.tfrecords"))
    damaged = bytearray(tiles[0].read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    tiles[0].write_bytes(damaged)
    tiles[1].write_bytes(tiles[1].read_bytes()[:-100])
    tiles[2].write_bytes(b"not a tile file at all, but long enough to be looked at")
    result = run_file(tmp_path, f"{OPEN}\n{FEATURES}\nt = locations df\nsave t locations.csv\n")
    for path in tiles[:3]:
        assert path.stem in result.stderr
    assert "record" in result.stderr
    rows = (tmp_path / "locations.csv").read_text().splitlines()[1:]
    names = {row.split(",")[0] for row in rows}
    assert {tiles[0].stem, tiles[1].stem} <= names
    assert len(names) >= len(tiles) - 1


def test_a_changed_tile_file_is_computed_anew(demo_tiles, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    run_file(tmp_path, f"{OPEN}\ndataset max_tiles=8\n{FEATURES}\n")
    before = stored(tmp_path)
    tiles = sorted((tmp_path / "demo" / "tfrecords").rglob("*.tfrecords"))
    tiles[0].write_bytes(tiles[1].read_bytes())
    run_file(tmp_path, f"{OPEN}\ndataset max_tiles=8\n{FEATURES}\n")
    after = stored(tmp_path)
    changed = [name for name in after if after[name] != before[name]]
    assert changed == [tiles[0].stem + ".h5"]


def test_results_of_a_cell_hold_no_progress_and_no_timing(demo_tiles, session_in, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    session = session_in(tmp_path)
    session.run(OPEN)
    cell = session.run(FEATURES)
    assert cell.status == "ok"
    assert any("tiles/s" in m["content"].get("data", {}).get("text/plain", "") for m in cell.messages)
    assert "tiles/s" not in "\n".join(cell.data("text/html") + cell.data("text/plain"))
    assert len(cell.data("text/html")) == 1


def test_killed_extraction_keeps_finished_slides_and_ends_bit_identical(demo_tiles, session_in, tmp_path):
    extract = "extract_tiles tile_px=112 tile_um=56"

    def tiles(folder):
        return {path.name: (path.stat().st_ino, path.read_bytes())
                for path in (folder / "demo" / "tfrecords" / "112px_56um").glob("*.tfrecords")}

    for name in ("killed", "undisturbed"):
        shutil.copytree(demo_tiles, tmp_path / name / "demo")
    undisturbed = session_in(tmp_path / "undisturbed")
    reference = undisturbed.run(OPEN + "\n" + extract)
    assert reference.status == "ok", reference.error
    whole = tiles(tmp_path / "undisturbed")
    assert whole.keys() == {"DEMO-01.tfrecords", "DEMO-02.tfrecords"}

    session = session_in(tmp_path / "killed")
    assert session.run(OPEN).status == "ok"
    session.start(extract)
    deadline = time.monotonic() + 120
    while not tiles(tmp_path / "killed") and time.monotonic() < deadline:
        time.sleep(0.01)
    session.kill()
    before = tiles(tmp_path / "killed")
    assert before

    again = session_in(tmp_path / "killed")
    assert again.run(OPEN).status == "ok"
    rest = again.run(extract)
    assert rest.status == "ok", rest.error
    after = tiles(tmp_path / "killed")
    assert {name: after[name] for name in before} == before, "a finished slide was written again"
    assert {name: value[1] for name, value in after.items()} == {name: value[1] for name, value in whole.items()}
    assert "left as it is" not in rest.text
    assert not list(tmp_path.glob("killed/demo/tfrecords/*/*.unfinished"))
