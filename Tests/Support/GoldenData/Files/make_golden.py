"""Cuts the small golden files out of what slideflow 3.0.2 made of its golden project (synthetic slides, made for this
package), so that the tests that matter most run where the whole of it is not at hand. Prints the checksum that
TileDecoderTests expects.

    python make_golden.py SLIDEFLOW_GOLDEN      # needs NumPy and Pillow
"""
import csv
import io
import pathlib
import shutil
import struct
import sys
import zlib

import numpy as np
from PIL import Image

source = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
# Those that scipy.json of AnalysisTests has statistics of.
features = range(0, 512, 16)

archive = np.load(source / "out/features.npz")
assert list(archive["slide_of_row"]) == sorted(archive["slide_of_row"])
archive["activations"][:, features].astype("<f4").tofile(here / "activations.f32")

with open(source / "out/stats_by_feature.csv", newline="") as file:
    rows = list(csv.reader(file))
with open(here / "stats_by_feature.csv", "w", newline="") as file:
    csv.writer(file).writerows(rows[:1] + [row for row in rows[1:] if int(row[0]) in features])

for name in ("mosaic_nearest_20_points.csv", "mosaic_first_20_points.csv", "labels.json"):
    shutil.copyfile(source / "out" / name, here / name)

project = here / "project"
tiles = project / "tfrecords/224px_112um"
tiles.mkdir(parents=True, exist_ok=True)
for name in ("settings.json", "datasets.json", "annotations.csv"):
    shutil.copyfile(source / "project" / name, project / name)
checksum = 0
for path in sorted((source / "project/tfrecords/224px_112um").glob("*.tfrecords")):
    data = path.read_bytes()
    # A record is its length, a checksum of that, the bytes, and their checksum.
    first = data[:struct.unpack("<Q", data[:8])[0] + 16]
    (tiles / path.name).write_bytes(first)
    picture = Image.open(io.BytesIO(first[first.index(b"\xff\xd8\xff"):])).convert("RGB")
    checksum = zlib.crc32(picture.tobytes(), checksum)
print(checksum)
