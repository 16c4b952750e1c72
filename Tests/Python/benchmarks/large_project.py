"""Writes a project of many slides with tile files that take no room, for timing how fast a project opens.

    python large_project.py FOLDER [--slides 1000] [--tiles 10000] [--manifest] [--no-index]

Each tile file is sparse: a few records, then a hole as long as its index says the other records are.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ 0x82F63B78 if byte & 1 else byte >> 1
    TABLE.append(byte)


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8 & 0xFFFFFFFF).to_bytes(4, "little")


def frame(payload):
    length = len(payload).to_bytes(8, "little")
    return length + masked_crc(length) + payload + masked_crc(payload)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--slides", type=int, default=1000)
    arguments.add_argument("--tiles", type=int, default=10_000)
    arguments.add_argument("--manifest", action="store_true")
    arguments.add_argument("--no-index", action="store_true")
    options = arguments.parse_args()

    folder = options.folder
    tiles = folder / "tfrecords" / "299px_302um"
    tiles.mkdir(parents=True)
    (folder / "settings.json").write_text(json.dumps({"name": "Large", "sources": ["L"], "slideflow_version": "3.0.2"}))
    (folder / "datasets.json").write_text(json.dumps({"L": {"tfrecords": "./tfrecords"}}))
    names = [f"TCGA-{n:04d}-01Z-00-DX1" for n in range(options.slides)]
    rows = [f"TCGA-{n // 2:04d},{name},{'ab'[n % 2]},{n % 7},{n / 10}" for n, name in enumerate(names)]
    (folder / "annotations.csv").write_text("\n".join(["patient,slide,outcome,site,age"] + rows) + "\n")

    random = np.random.default_rng(1)
    records = [frame(bytes(12_000 + 400 * n)) for n in range(20)]
    side = int(options.tiles**0.5) + 1
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)[: options.tiles]
    for name in names:
        lengths = random.integers(12_000, 20_000, options.tiles)
        lengths[: len(records)] = [len(record) for record in records]
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        path = tiles / f"{name}.tfrecords"
        path.write_bytes(b"".join(records))
        os.truncate(path, int(lengths.sum()))
        if not options.no_index:
            np.savez(
                tiles / f"{name}.index.npz", np.stack([offsets, lengths], -1).astype(np.int64),
                locations=(grid * 604 + 302).astype(np.int64))
    if options.manifest:
        manifest = {f"{name}.tfrecords": {"total": options.tiles} for name in names}
        (tiles / "manifest.json").write_text(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    main()
