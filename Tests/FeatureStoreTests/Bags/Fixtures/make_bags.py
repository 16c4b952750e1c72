"""Makes the feature files of these tests in the layouts of other programs.

python make_bags.py h5 FOLDER   with h5py
python make_bags.py pt FOLDER   with torch
python make_bags.py layouts FOLDER   with h5py and hdf5plugin: parts by other names and in other shapes
python make_bags.py layouts_pt FOLDER   with torch

Row i, column j of every matrix is (4 i + j) / 8, which half precision holds exactly; tile i lies at (512 + 224 (i % 3),
1024 + 224 (i // 3)), times 0.5 where the unit is micrometres.
"""

import sys

import numpy as np

N, D = 5, 4
FEATURES = (np.arange(N * D).reshape(N, D) / 8).astype("f4")
CORNERS = np.array([(512 + 224 * (i % 3), 1024 + 224 * (i // 3)) for i in range(N)])


def make_h5(folder):
    import h5py

    def file(name):
        return h5py.File(f"{folder}/{name}.h5", "w")

    with file("clam") as f:
        f.create_dataset("features", data=FEATURES, chunks=(32, D), maxshape=(None, D))
        f.create_dataset("coords", data=CORNERS.astype("i4"), chunks=(32, 2), maxshape=(None, 2))
    with file("clam_patches") as f:
        f.create_dataset("coords", data=CORNERS).attrs["patch_size"] = 224
    with file("clam_coordinates_with_attributes") as f:
        f.create_dataset("features", data=FEATURES, compression="gzip", shuffle=True)
        a = f.create_dataset("coords", data=CORNERS.astype("i4")).attrs
        a["patch_size"], a["patch_level"], a["downsample"] = 256, 1, (4.0, 4.0)
    with file("trident") as f:
        f.create_dataset("features", data=FEATURES.astype("f2"), compression="gzip").attrs["encoder"] = "uni_v1"
        a = f.create_dataset("coords", data=CORNERS.astype("i8")).attrs
        a["patch_size"], a["level0_magnification"], a["target_magnification"], a["overlap"] = 256, 40, 20, 0
        a["name"] = "trident"
    with file("trident_slide") as f:
        f.create_dataset("features", data=FEATURES[0]).attrs["encoder"] = "mean-uni_v1"
    with file("trident_empty") as f:
        f.create_dataset("features", data=np.zeros(0, "f4")).attrs["encoder"] = "uni_v1"
        f.create_dataset("coords", data=np.zeros(0, "i8")).attrs["patch_size_level0"] = 512
    for name, attributes in {
        "stamp": {"unit": "um", "tile_size_um": 112.0, "tile_size_px": 224, "extractor": "ctranspath", "feat_type": "tile"},
        "stamp_older": {"unit": "um", "tile_size": 112.0},
        "stamp_strange_unit": {"unit": "furlong", "tile_size": 112.0},
    }.items():
        with file(name) as f:
            f["feats"], f["coords"] = FEATURES.astype("f2"), (CORNERS * 0.5).astype("f4")
            f.attrs.update(attributes)
    with file("stamp_oldest") as f:
        f["feats"], f["coords"] = FEATURES.astype("f2"), CORNERS.astype("f4")
    with file("stamp_patient") as f:
        f["feats"] = FEATURES[:1].astype("f2")
        f.attrs["feat_type"], f.attrs["extractor"] = "patient", "cobra"
    with file("stamp_embeddings") as f:
        f["patch_embeddings"] = FEATURES
    with file("mopadi") as f:
        f["feats"], f["coords"] = FEATURES, CORNERS.astype("i8")
    names = [f"Tile_({x},{y}).jpg" for x, y in CORNERS]
    with file("marugoto") as f:
        f["features"], f["metadata"] = FEATURES, np.array(names, "S")
    with file("marugoto_variable") as f:
        f["features"] = FEATURES.astype(">f8")
        f.create_dataset("metadata", data=names, dtype=h5py.string_dtype())
    with file("batched") as f:
        f["features"], f["coords"] = FEATURES[None], CORNERS[None]
    with file("rows_differ") as f:
        f["features"], f["coords"] = FEATURES, CORNERS[:3]
    with file("no_features") as f:
        f["weights"], f["biases"] = FEATURES, FEATURES
    with file("texts") as f:
        f["features"] = np.array(names, "S")


def make_pt(folder):
    import torch

    features = torch.from_numpy(FEATURES)
    padded = torch.zeros(N + 2, D + 3)
    padded[2:, 1 : D + 1] = features
    for name, value in {
        "float": features,
        "half": features.half(),
        "bfloat": features.bfloat16(),
        "double": features.double(),
        "slideflow": features,
        "view": padded[2:, 1 : D + 1],
        "transposed": features.T.contiguous().T,
        "batched": features[None],
        "slide": features[0].clone(),
        "parameter": torch.nn.Parameter(features),
        "named": {"features": features.half(), "coords": torch.from_numpy(CORNERS), "slide": "a", "n": N},
        "one_of_names": {"uni": features, "label": torch.tensor(1)},
        "list": [features],
        "several": {"a": features, "b": features},
        "array": {"features": FEATURES},
        "cube": torch.zeros(2, 3, 4),
    }.items():
        torch.save(value, f"{folder}/{name}.pt")
    torch.save(features, f"{folder}/legacy.pt", _use_new_zipfile_serialization=False)
    np.savez_compressed(f"{folder}/slideflow.index.npz", CORNERS.astype("f8") + 112)


def make_layouts(folder):
    import h5py
    import hdf5plugin

    attention = np.arange(N).astype("f4") / 8
    sides = np.full((N, 2), 224)

    def file(name):
        return h5py.File(f"{folder}/{name}.h5", "w")

    with file("group") as f:
        f["uni_v1/features"], f["uni_v1/coords"] = FEATURES, CORNERS
    with file("two_groups") as f:
        for name in ("uni_v1", "conch_v1"):
            f[f"{name}/features"], f[f"{name}/coords"] = FEATURES + (name == "uni_v1"), CORNERS
    with file("other_name") as f:
        f["embeds"], f["coords"] = FEATURES, CORNERS
    with file("two_names") as f:
        f["uni"], f["conch"], f["coords"] = FEATURES, FEATURES, CORNERS
    with file("ones") as f:
        f["features"], f["coords"] = FEATURES[:, :, None, None], CORNERS
    with file("middle_one") as f:
        f["features"], f["coords"] = FEATURES[:, None], CORNERS
    with file("coords_level") as f:
        f["features"], f["coords"] = FEATURES, np.c_[CORNERS, np.zeros(N, int)]
    with file("coords_sides") as f:
        f["features"], f["coords"] = FEATURES, np.c_[CORNERS, sides]
    with file("coords_corners") as f:
        f["features"], f["coords"] = FEATURES, np.c_[CORNERS, CORNERS + 224]
    with file("coords_counted") as f:
        f["features"], f["coords"] = FEATURES, np.c_[np.arange(N), CORNERS]
    with file("coords_strange") as f:
        f["features"], f["coords"] = FEATURES, np.c_[CORNERS, np.arange(2 * N).reshape(N, 2)]
    with file("coords_rows") as f:
        f["features"], f["coords"] = FEATURES, CORNERS.T
    with file("lzf") as f:
        f.create_dataset("features", data=np.tile(FEATURES, (40, 8)), compression="lzf", shuffle=True, fletcher32=True)
        f.create_dataset("coords", data=np.tile(CORNERS, (40, 1)), compression="lzf")
    with file("blosc") as f:
        f.create_dataset("features", data=FEATURES, **hdf5plugin.Blosc())
        f["coords"] = CORNERS
    with file("numbers") as f:
        f["features"], f["coords"], f["attention"] = FEATURES, CORNERS, attention[:, None]
        f["scores"], f["tile_id"] = np.stack([attention, attention + 1]), np.arange(N)
    with file("blockmap") as f:
        f["attention_scores"], f["coords"] = attention[:, None], CORNERS
    np.save(f"{folder}/array.npy", FEATURES.astype("f2"))
    np.save(f"{folder}/placed.npy", np.asfortranarray(FEATURES))
    np.save(f"{folder}/placed_coords.npy", CORNERS)
    np.save(f"{folder}/object.npy", {"features": 1}, allow_pickle=True)
    np.savez(f"{folder}/unnamed.npz", CORNERS, np.tile(FEATURES.astype("f8"), 2))
    np.savez_compressed(f"{folder}/named.npz", features=FEATURES, coords=CORNERS, attention=attention)


def make_layouts_pt(folder):
    import torch

    features, corners = torch.from_numpy(np.tile(FEATURES, 2)), torch.from_numpy(CORNERS)
    for name, value in {
        "tuple": (features, corners.float()),
        "vectors": [row.clone() for row in features],
        "nested": {"data": {"features": features, "coords": corners}},
        "nested_two": {"uni": {"features": features}, "conch": {"features": features}},
        "ones": features[:, :, None, None],
    }.items():
        torch.save(value, f"{folder}/{name}.pt")


{"h5": make_h5, "pt": make_pt, "layouts": make_layouts, "layouts_pt": make_layouts_pt}[sys.argv[1]](sys.argv[2])
