"""Every example of every command runs on the demo project."""

import re
import shutil
import struct
import zlib

from running import REPOSITORY, run_file

# Everything that an example may speak of, under the names that examples use.
NAMES = """demo
dataset tile_px=299 tile_um=302
df = features models/hpv.onnx outcomes=HPV_status
u = slide_map df
s = stats df
m = mosaic df num_tiles_x=5
s1 = select u area=[0, 0, 0.5, 0.5]
s2 = select u without=s1"""


def png(side, grey):
    """A picture of one shade."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + bytes([grey]) * side * 3) * side
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def examples():
    """The examples by command, from the page that a Swift test holds to the declarations."""
    page = (REPOSITORY / "notebooks" / "commands.md").read_text()
    sections = re.split(r"^### ", page.split("## Coming from slideflow")[0], flags=re.MULTILINE)[1:]
    found = {}
    for section in sections:
        # The first block is the form of the command.
        blocks = re.findall(r"^```tessera\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
        assert len(blocks) == 2, f"{section.split()[0]} has no examples"
        found[section.split()[0]] = blocks[1]
    return found


def bound(lines):
    """The names that statements bind."""
    return set(re.findall(r"^(\w+) = ", lines, flags=re.MULTILINE))


def test_the_examples_of_every_command_run(demo_tiles, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "tessera-demo")
    by_command = examples()
    assert {"demo", "features", "mosaic", "save", "drop"} <= set(by_command)
    # Loose tiles, as another program may have left them.
    loose = tmp_path / "loose-tiles" / "DEMO-03"
    loose.mkdir(parents=True)
    for number in range(3):
        (loose / f"{number}.png").write_bytes(png(299, 40 * number))
    cell = ["demo"]
    kept = bound(NAMES)
    for command, lines in by_command.items():
        cell += [NAMES, lines]
        # What an example binds would make `stats`, say, ask which of two it is to take.
        if command != "drop":
            cell += [f"drop {name}" for name in sorted(bound(lines) - kept)]
    run_file(tmp_path, "\n".join(cell))
