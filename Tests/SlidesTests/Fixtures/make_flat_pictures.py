"""Makes flat/: a small picture in every form in which a plain picture can be a slide, and a pyramid in OME-TIFF.

    make_flat_pictures.py       (needs numpy, Pillow, tifffile and imagecodecs)
"""

from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

folder = Path(__file__).resolve().parent / "flat"
folder.mkdir(exist_ok=True)
dice = np.random.default_rng(1)
y, x = np.mgrid[0:90, 0:140]
base = np.stack([x * 255 // 140, y * 255 // 90, (x + y) * 255 // 230], axis=2).astype(np.uint8)
base[20:50, 30:90] = dice.integers(0, 256, (30, 60, 3))
picture = Image.fromarray(base)

picture.save(folder / "base.png", dpi=(25400, 25400))
picture.save(folder / "baseline.jpg", quality=95, subsampling=0, dpi=(72, 72))
picture.save(folder / "progressive.jpg", quality=95, subsampling=0, progressive=True)
alpha = picture.convert("RGBA")
alpha.putalpha(Image.fromarray(np.where(x < 70, 0, 255).astype(np.uint8)))
alpha.save(folder / "transparent.png")
with open(folder / "interlaced.png", "wb") as file:
    # Pillow writes none.
    import zlib
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b"".join(b"\0" + row.tobytes() for left, top, across, down in passes for row in base[top::down, left::across])

    def chunk(name, content):
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    header = (140).to_bytes(4, "big") + (90).to_bytes(4, "big") + bytes([8, 2, 0, 0, 1])
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))

for name, options in {
    "plain": {}, "lzw": {"compression": "lzw"}, "lzw_predictor": {"compression": "lzw", "predictor": True},
    "deflate": {"compression": "zlib"}, "packbits": {"compression": "packbits"}, "big": {"bigtiff": True},
    "planar": {"planarconfig": "separate", "compression": "lzw"}, "one_strip": {"rowsperstrip": 90},
}.items():
    data = np.moveaxis(base, 2, 0) if name == "planar" else base
    options = {"rowsperstrip": 7, "photometric": "rgb", "resolution": (20000, 20000), "resolutionunit": "CENTIMETER"} | options
    tifffile.imwrite(folder / f"{name}.tif", data, metadata=None, **options)
tifffile.imwrite(folder / "jpeg.tif", base, rowsperstrip=16, photometric="rgb", compression="jpeg",
                 compressionargs={"level": 95}, metadata=None)
tifffile.imwrite(folder / "sixteen.tif", base.astype(np.uint16) * 257, photometric="rgb", rowsperstrip=9, metadata=None)
tifffile.imwrite(folder / "float.tif", base[:, :, 0].astype(np.float32), rowsperstrip=9, metadata=None)
picture.convert("P", palette=Image.Palette.ADAPTIVE).save(folder / "palette.tif", compression="tiff_lzw")
picture.convert("L").save(folder / "grey.tif")
picture.convert("CMYK").save(folder / "cmyk.tif")

large = np.asarray(picture.resize((560, 360), Image.Resampling.BICUBIC))


def ome(path, data, **options):
    with tifffile.TiffWriter(path, ome=True, bigtiff=True) as writer:
        writer.write(data, subifds=2 if "photometric" in options else 0, tile=(128, 128), compression="jpeg" if "photometric" in options else "zlib",
                     metadata={"PhysicalSizeX": 250, "PhysicalSizeXUnit": "nm", "PhysicalSizeY": 250,
                               "PhysicalSizeYUnit": "nm", "axes": "YXS" if "photometric" in options else "CYX"}, **options)
        if "photometric" in options:
            for step in (4, 16):
                writer.write(np.ascontiguousarray(data[::step, ::step]), subfiletype=1, tile=(64, 64),
                             compression="jpeg", photometric="rgb")


ome(folder / "pyramid.ome.tif", large, photometric="rgb")
ome(folder / "channels.ome.tif", np.moveaxis(large[:128, :128], 2, 0).copy())
print(sum(file.stat().st_size for file in folder.iterdir()), "bytes")
