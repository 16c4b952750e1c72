"""Writes the pictures of TileDecoderTests and prints their pixels' zlib CRC-32 as Pillow decodes them.

    python make_pictures.py            # the small pictures beside this script
    python make_pictures.py SHARED     # and the golden tiles of SHARED/data
"""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent


def crc(data):
    return zlib.crc32(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).tobytes())


def main():
    random = np.random.default_rng(3)
    y, x = np.mgrid[0:45, 0:61]
    base = np.stack([120 + 100 * np.sin(x / 5), 120 + 90 * np.cos(y / 7), 3 * x + y], -1)
    image = Image.fromarray((base + random.normal(0, 6, base.shape)).clip(0, 255).astype("uint8"))
    pictures = {
        "halved.jpg": (image, dict(quality=95, subsampling=2)),
        "full.jpg": (image, dict(quality=90, subsampling=0)),
        "grey.jpg": (image.convert("L"), dict(quality=90)),
        "progressive.jpg": (image, dict(quality=80, progressive=True)),
        "cmyk.jpg": (image.convert("CMYK"), dict(quality=80)),
        "colour.png": (image, {}),
        "transparent.png": (image.convert("RGBA"), {}),
        "palette.png": (image.quantize(32), {}),
    }
    for name, (picture, options) in pictures.items():
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG" if name.endswith("jpg") else "PNG", **options)
        (HERE / name).write_bytes(buffer.getvalue())
        print(name, len(buffer.getvalue()), crc(buffer.getvalue()))
    if len(sys.argv) > 1:
        golden = Path(sys.argv[1]) / "data/slideflow-golden/project/tfrecords/224px_112um"
        files = [*sorted(golden.glob("*.tfrecords"))]
        files.append(Path(sys.argv[1]) / "data/bags/generated_layouts/CMU-1-Small-Region.tfrecords")
        for path in files:
            data, offset, total = path.read_bytes(), 0, 0
            while offset < len(data):
                (length,) = struct.unpack_from("<Q", data, offset)
                payload = data[offset + 12 : offset + 12 + length]
                picture = payload[payload.index(b"\xff\xd8\xff") :] if b"\xff\xd8\xff" in payload else payload[payload.index(b"\x89PNG") :]
                pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).tobytes()
                total = zlib.crc32(pixels, total)
                offset += length + 16
            print(path.name, total)


main()
