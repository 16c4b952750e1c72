"""Writes the indexes of TFRecordIndexTests beside this script, in every form that slideflow has had.

    python make_indexes.py

They are of a tile file of three records of 100, 120 and 90 bytes, frames included.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "indexes"
FRAMES = np.array([[0, 100], [100, 120], [220, 90]], dtype=np.int64)
LOCATIONS = np.array([[302, 302], [906, 302], [302, 906]], dtype=np.int64)


def main():
    HERE.mkdir(exist_ok=True)
    np.savez(HERE / "stored.index.npz", FRAMES, locations=LOCATIONS)
    np.savez_compressed(HERE / "deflated.index.npz", FRAMES, locations=LOCATIONS)
    np.savez(HERE / "int32.index.npz", FRAMES.astype(np.int32))
    np.savez(HERE / "columns.index.npz", np.asfortranarray(FRAMES))
    np.savez(HERE / "floats.index.npz", FRAMES.astype(float))
    np.savez(HERE / "flat.index.npz", FRAMES.ravel())
    np.savez_compressed(HERE / "bomb.index.npz", np.zeros((500_000, 2), np.int64))
    np.save(HERE / "array.index.npy", FRAMES)
    np.savetxt(HERE / "text.index", FRAMES, fmt="%d")


if __name__ == "__main__":
    main()
