"""Selections of tiles against Shapely: what lies in drawn regions, and what the tiles of a selection cover."""

import csv
import json
import math
import random

import pytest
from shapely import Point, box
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.ops import unary_union
from shapely.validation import explain_validity

from running import run_file

OPEN = "project ./demo\ndf = features models/hpv.onnx outcomes=HPV_status\n"
CLASSES = ["Tumor", "Stroma", "Necrosis: old, \"dry\""]


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def centres(path):
    return {(row["slide"], int(row["location_x"]), int(row["location_y"])) for row in rows(path)}


def outline(random_, x, y, radius, corners=30):
    """A hand's outline, which does not cross itself."""
    angles = [2 * math.pi * corner / corners for corner in range(corners)]
    radii = [radius * random_.uniform(0.6, 1) for _ in angles]
    return [(round(x + r * math.cos(a), 2), round(y + r * math.sin(a), 2)) for a, r in zip(angles, radii)]


def drawn(random_):
    """Regions of some classes, with holes and of several parts."""
    regions = []
    for name in CLASSES:
        for _ in range(random_.randint(0, 2)):
            x, y, radius = random_.uniform(0, 11000), random_.uniform(0, 11000), random_.uniform(1500, 4000)
            holes = [outline(random_, x, y, radius / 3)] if random_.random() < 0.7 else []
            region = Polygon(outline(random_, x, y, radius), holes)
            part = Polygon(outline(random_, random_.uniform(0, 11000), random_.uniform(0, 11000), 1200))
            if random_.random() < 0.5 and not part.intersects(region):
                region = MultiPolygon([region, part])
            assert region.is_valid
            regions.append((name, region))
    return regions


def collection(regions):
    """As QuPath exports annotations; a point that somebody set bounds nothing."""
    features = [
        {"type": "Feature", "id": str(number), "geometry": mapping(region),
         "properties": {"objectType": "annotation", "classification": {"name": name, "color": [200, 0, 0]}}}
        for number, (name, region) in enumerate(regions)
    ] + [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [3, 3]},
          "properties": {"objectType": "annotation"}}]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize("seed", [1, 2])
def test_tiles_in_drawn_regions_are_those_that_shapely_finds(mapped_demo, seed):
    random_ = random.Random(seed)
    everything = centres(mapped_demo / "map.csv")
    folder = mapped_demo / f"drawn{seed}"
    folder.mkdir()
    by_slide = {}
    for slide in sorted({slide for slide, _, _ in everything}):
        by_slide[slide] = drawn(random_)
        if by_slide[slide]:
            (folder / f"{slide}.geojson").write_text(collection(by_slide[slide]))
    chosen = [None, "Tumor", "Stroma"]
    cell = OPEN
    for number, name in enumerate(chosen):
        cell += f"s{number} = select df geojson=./drawn{seed}" + (f" class={name}" if name else "")
        cell += f"\nsave s{number} drawn{seed}-{number}.csv\n"
    run_file(mapped_demo, cell)
    for number, name in enumerate(chosen):
        expected = {
            (slide, x, y) for slide, x, y in everything
            if any(region.contains(Point(x, y)) for label, region in by_slide[slide] if name in (None, label))}
        found = centres(mapped_demo / f"drawn{seed}-{number}.csv")
        assert len(expected) > 50 and found == expected, (name, len(found), len(expected))


def test_regions_of_a_selection_are_the_union_of_its_tiles_to_the_pixel(mapped_demo):
    rules = ["feature:0>0.5", "prediction=positive", "tiles=0..<70", "near=DEMO-02:5 n=400"]
    cell = OPEN
    for number, rule in enumerate(rules):
        cell += f"t{number} = select df {rule}\nsave t{number} ./union{number}\nsave t{number} union{number}.csv\n"
        # What was saved gives back the same tiles.
        cell += f"b{number} = select df geojson=./union{number} class=t{number}\nsave b{number} back{number}.csv\n"
    cell += "save t0 one.geojson\n"
    run_file(mapped_demo, cell)
    for number, rule in enumerate(rules):
        tiles = centres(mapped_demo / f"union{number}.csv")
        assert len(tiles) > 20 and centres(mapped_demo / f"back{number}.csv") == tiles, rule
        for slide in {slide for slide, _, _ in tiles}:
            document = json.loads((mapped_demo / f"union{number}" / f"{slide}.geojson").read_text())
            assert [f["properties"]["classification"]["name"] for f in document["features"]] == [f"t{number}"]
            union = shape(document["features"][0]["geometry"])
            assert union.is_valid, explain_validity(union)
            # Tiles of the demo take 604 pixels of level 0.
            expected = unary_union([box(x - 302, y - 302, x + 302, y + 302) for s, x, y in tiles if s == slide])
            assert union.symmetric_difference(expected).area == 0, (rule, slide)
            parts = union.geoms if union.geom_type == "MultiPolygon" else [union]
            assert all(part.exterior.is_ccw and not any(h.is_ccw for h in part.interiors) for part in parts)
    # A file is of one slide; of several, a folder is.
    assert len(list((mapped_demo / "one").glob("*.geojson"))) == len({s for s, _, _ in centres(mapped_demo / "union0.csv")})
