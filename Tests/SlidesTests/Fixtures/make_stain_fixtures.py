"""Writes stains.json: what slideflow 3.0.2 makes of the small tiles that SyntheticTissue.swift paints.

    SF_BACKEND=torch python make_stain_fixtures.py

The tiles are painted here as there, in whole numbers, so that they need not be stored. Of each result only the bytes
of every 13th pixel are kept.
"""

import json
from pathlib import Path

import numpy as np
from slideflow.norm import StainNormalizer

METHODS = ["reinhard", "reinhard_fast", "macenko", "macenko_fast"]
VERSIONS = ["v1", "v2", "v3"]
MASK = (1 << 64) - 1
# name: seed, width, height, times as much blank, and the colours of nuclei, stroma and blank glass
TILES = {
    "balanced": (1, 47, 33, 1, (90, 60, 140), (205, 140, 180), (242, 238, 243)),
    "pale": (2, 32, 32, 8, (110, 80, 150), (215, 160, 190), (244, 242, 245)),
    "brown": (3, 40, 29, 2, (70, 50, 95), (170, 95, 110), (215, 205, 190)),
}


def mix(value):
    z = value & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def paint(seed, width, height, blank, *colours):
    pixels = np.zeros((height, width, 3), np.uint8)
    for y in range(height):
        for x in range(width):
            block = mix(seed * 1_000_003 + (y // 6) * 64 + x // 7)
            grain = mix(seed * 9_000_011 + y * 1024 + x)
            weights = (
                (block & 255) + (grain & 63) + 1,
                (block >> 8 & 255) + (grain >> 6 & 63),
                (block >> 16 & 255) * blank,
            )
            for channel in range(3):
                total = sum(weight * colour[channel] for weight, colour in zip(weights, colours))
                value = total // sum(weights) + (grain >> (12 + 8 * channel) & 15) - 8
                pixels[y, x, channel] = min(max(value, 0), 255)
    return pixels


def sample(pixels):
    return pixels.astype(np.uint8).reshape(-1, 3)[::13].ravel().tolist()


def main():
    tiles = {name: paint(*rest) for name, rest in TILES.items()}
    result = {"standard": {}, "tiles": {}}
    for name, tile in tiles.items():
        entry = {"sum": int(tile.sum(dtype=np.int64)), "fits": {}, "outputs": {}, "fittedToBrown": {}}
        for method in METHODS:
            normalizer = StainNormalizer(method)
            for version in VERSIONS:
                normalizer.fit(version)
                result["standard"].setdefault(method, {})[version] = flat(normalizer)
                entry["outputs"].setdefault(method, {})[version] = sample(normalizer.rgb_to_rgb(tile))
            normalizer.fit(tiles["brown"])
            entry["fittedToBrown"][method] = sample(normalizer.rgb_to_rgb(tile))
            normalizer.fit(tile)
            entry["fits"][method] = flat(normalizer)
        result["tiles"][name] = entry
    text = json.dumps(result, separators=(",", ":")).replace('"sum"', '\n"sum"').replace('],"', '],\n"')
    (Path(__file__).parent / "stains.json").write_text(text + "\n")


def flat(normalizer):
    """The fit as a model's parameters hold it, the matrix row by row."""
    return {key: [round(x, 7) for x in np.ravel(value).tolist()] for key, value in normalizer.get_fit(as_list=True).items()}


main()
