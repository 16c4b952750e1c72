"""Makes the fixture by which regions of interest are compared with a polygon library.

    make_regions.py        (needs shapely)

Writes regions.geojson, as QuPath writes annotations: polygons with holes, and multi-polygons with islands in their
holes, each in one of three classes, drawn over each other; and regions.json: for a grid of tiles what shapely says of
the union of all regions and of each class, whether it holds the tile's centre, and the share of the tile that it covers.
"""

import json
import math
import random
from pathlib import Path

from shapely.geometry import Point, Polygon, box, mapping
from shapely.ops import unary_union

SIDE, TILE = 4096, 64
CLASSES = ["Tumor", "Stroma", "Necrosis"]


def blob(dice, x, y, radius, corners):
    """An outline around a centre, as a hand draws it."""
    return Polygon([
        (x + radius * (0.6 + 0.4 * dice.random()) * math.cos(2 * math.pi * k / corners),
         y + radius * (0.6 + 0.4 * dice.random()) * math.sin(2 * math.pi * k / corners))
        for k in range(corners)]).buffer(0)


def region(dice):
    x, y, radius = dice.uniform(200, SIDE - 200), dice.uniform(200, SIDE - 200), dice.uniform(150, 800)
    shape = blob(dice, x, y, radius, dice.randrange(6, 60))
    for _ in range(dice.randrange(4)):
        hole = blob(dice, x + dice.uniform(-0.5, 0.5) * radius, y + dice.uniform(-0.5, 0.5) * radius,
                    radius * dice.uniform(0.1, 0.4), dice.randrange(5, 20))
        shape = shape.difference(hole)
        if dice.random() < 0.5:
            centre = hole.centroid
            shape = shape.union(blob(dice, centre.x, centre.y, radius * 0.08, 7))
    return shape.buffer(0)


def main():
    folder = Path(__file__).resolve().parent
    dice = random.Random(20)
    shapes = [(CLASSES[k % 3], region(dice)) for k in range(24)]
    features = [
        {"type": "Feature", "id": f"annotation-{k}",
         "geometry": json.loads(json.dumps(mapping(shape)), parse_float=lambda text: round(float(text), 2)),
         "properties": {"objectType": "annotation", "isLocked": False,
                        "classification": {"name": label, "color": [200, 0, 0]}}}
        for k, (label, shape) in enumerate(shapes)]
    (folder / "regions.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")))
    # As they stand in the file, rounded.
    from shapely.geometry import shape as geometry
    rounded = [(label, geometry(feature["geometry"])) for (label, _), feature in zip(shapes, features)]
    answers = {}
    for name in ["all"] + CLASSES:
        union = unary_union([shape.buffer(0) for label, shape in rounded if name in ("all", label)])
        count = SIDE // TILE
        answers[name] = {
            "centres": ["".join("1" if union.contains(Point(c * TILE + TILE // 2, r * TILE + TILE // 2)) else "0"
                                for c in range(count)) for r in range(count)],
            "shares": [[round(union.intersection(box(c * TILE, r * TILE, (c + 1) * TILE, (r + 1) * TILE)).area
                              / TILE ** 2, 3) for c in range(count)] for r in range(count)]}
    (folder / "regions.json").write_text(json.dumps(answers, separators=(",", ":")))
    holes = sum(len(part.interiors) for _, shape in rounded for part in getattr(shape, "geoms", [shape]))
    print(f"{len(features)} regions, {holes} holes")


main()
