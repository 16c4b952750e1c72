"""Writes tile_pictures.json: small pictures of every kind that a tile can be, and their RGB pixels as Pillow has them.

    python make_tile_pictures.py        # needs numpy, Pillow, cjpeg and jpegtran (libjpeg-turbo-progs), libturbojpeg

Written with Pillow 13.0.0 (libjpeg-turbo 3.2.0). Each picture is a name, its bytes, and the index of its pixels among
those of all (16 × 16 or 19 × 13, deflated; many kinds of PNG hold the same ones), or a word that its refusal says.
Where Pillow differs, it is said here: 16 bits of grey it clips at 255, and the high byte is expected all the same; for
indices without a colour it makes one up, and a refusal is expected.
"""

import base64
import ctypes
import io
import json
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageCms

HERE = Path(__file__).parent
pictures, pixel_sets = [], []


def add(name, data, pixels=None, refused=None):
    entry = {"name": name, "bytes": base64.b64encode(data).decode()}
    if refused is not None:
        entry["refused"] = refused
    else:
        if pixels is None:
            pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        stored = {"width": pixels.shape[1], "height": pixels.shape[0],
                  "bytes": base64.b64encode(pixels.astype("uint8").tobytes()).decode()}
        if stored not in pixel_sets:
            pixel_sets.append(stored)
        entry["pixels"] = pixel_sets.index(stored)
    pictures.append(entry)


# PNG, written here so that nothing is left to a library's choice.
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, depth):
    """Rows of samples (height × width × channels) as bytes, each after the byte of its filter, which is none."""
    rows = samples.reshape(samples.shape[0], -1)
    out = b""
    for row in rows:
        if depth == 16:
            out += b"\0" + row.astype(">u2").tobytes()
        elif depth == 8:
            out += b"\0" + row.astype("u1").tobytes()
        else:
            bits = "".join(format(int(value), f"0{depth}b") for value in row)
            bits += "0" * (-len(bits) % 8)
            out += b"\0" + bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
    return out


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, colour_type, depth, before=b"", after_palette=b"", palette=None, interlaced=False, cut=0, tail=None):
    samples = samples.reshape(samples.shape[0], samples.shape[1], CHANNELS[colour_type])
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in PASSES]
        raw = b"".join(packed(part, depth) for part in parts if part.size)
    else:
        raw = packed(samples, depth)
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, colour_type, 0, 0, int(interlaced))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
    if palette is not None:
        data += chunk(b"PLTE", palette.astype("u1").tobytes())
    stream = zlib.compress(raw, 9)
    # In two pieces, as encoders may cut it anywhere.
    data += after_palette + chunk(b"IDAT", stream[:20]) + chunk(b"IDAT", stream[20:])
    data += chunk(b"IEND", b"") if tail is None else tail
    return data[:len(data) - cut] if cut else data


def pngs(base, random):
    height, width, _ = base.shape
    grey = base.mean(-1).astype("u1")
    alpha = random.integers(0, 256, (height, width, 1)).astype("u1")
    deep = base.astype("u2") * 256 + random.integers(0, 256, base.shape).astype("u2")
    deep_grey = grey.astype("u2") * 256 + random.integers(0, 256, grey.shape).astype("u2")
    deep_alpha = random.integers(0, 65536, (height, width, 1)).astype("u2")
    spread = np.repeat(grey[..., None], 3, -1)
    for interlaced in (False, True):
        how = ", interlaced" if interlaced else ""
        for depth in (1, 2, 4, 8):
            add(f"PNG, grey of {depth} bits{how}", png(grey >> (8 - depth), GREY, depth, interlaced=interlaced))
        add(f"PNG, grey of 16 bits{how}", png(deep_grey, GREY, 16, interlaced=interlaced), spread)
        add(f"PNG, grey and alpha of 8 bits{how}",
            png(np.concatenate([grey[..., None], alpha], -1), GREY_ALPHA, 8, interlaced=interlaced))
        add(f"PNG, grey and alpha of 16 bits{how}",
            png(np.concatenate([deep_grey[..., None], deep_alpha], -1), GREY_ALPHA, 16, interlaced=interlaced), spread)
        add(f"PNG, RGB of 8 bits{how}", png(base, RGB, 8, interlaced=interlaced), base)
        add(f"PNG, RGB of 16 bits{how}", png(deep, RGB, 16, interlaced=interlaced), base)
        add(f"PNG, RGB and alpha of 8 bits{how}",
            png(np.concatenate([base, alpha], -1), RGB_ALPHA, 8, interlaced=interlaced), base)
        add(f"PNG, RGB and alpha of 16 bits{how}",
            png(np.concatenate([deep, deep_alpha], -1), RGB_ALPHA, 16, interlaced=interlaced), base)
        for depth in (1, 2, 4, 8):
            palette = random.integers(0, 256, (1 << depth, 3))
            add(f"PNG, palette of {depth} bits{how}",
                png(grey >> (8 - depth), PALETTE, depth, palette=palette, interlaced=interlaced))
    palette = random.integers(0, 256, (16, 3))
    transparent = chunk(b"tRNS", bytes(range(0, 240, 15)))
    add("PNG, palette with transparency",
        png(grey >> 4, PALETTE, 4, palette=palette, after_palette=transparent))
    add("PNG, grey with a transparent shade",
        png(grey, GREY, 8, after_palette=chunk(b"tRNS", struct.pack(">H", grey[0, 0]))), spread)
    add("PNG, grey of 4 bits with a transparent shade",
        png(grey >> 4, GREY, 4, after_palette=chunk(b"tRNS", struct.pack(">H", grey[0, 0] >> 4))))
    add("PNG, RGB with a transparent colour",
        png(base, RGB, 8, after_palette=chunk(b"tRNS", struct.pack(">HHH", *map(int, base[0, 0])))), base)
    add("PNG, RGB of 16 bits with a transparent colour",
        png(deep, RGB, 16, after_palette=chunk(b"tRNS", struct.pack(">HHH", *map(int, deep[0, 0])))), base)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    colour_chunks = {
        "gamma 1": chunk(b"gAMA", struct.pack(">I", 100_000)),
        "gamma 1/2.2": chunk(b"gAMA", struct.pack(">I", 45_455)),
        "gamma 1/1.8": chunk(b"gAMA", struct.pack(">I", 55_556)),
        "gamma 2.2": chunk(b"gAMA", struct.pack(">I", 220_000)),
        "sRGB": chunk(b"sRGB", b"\0"),
        "chromaticities": chunk(b"gAMA", struct.pack(">I", 100_000)) + chunk(
            b"cHRM", struct.pack(">8I", 31270, 32900, 73000, 26000, 11000, 82000, 13000, 5000)),
        "a colour profile": chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile)),
        "significant bits": chunk(b"sBIT", b"\5\6\5"),
        "an orientation": chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"),
        "a background": chunk(b"bKGD", struct.pack(">HHH", 255, 0, 0)),
        "a resolution": chunk(b"pHYs", struct.pack(">IIB", 3000, 1000, 1)),
        "an animation": chunk(b"acTL", struct.pack(">II", 1, 0)) + chunk(
            b"fcTL", struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0)),
    }
    for what, chunks in colour_chunks.items():
        add(f"PNG with {what}", png(base, RGB, 8, before=chunks), base)
    gamma = colour_chunks["gamma 1"]
    add("PNG, RGB of 16 bits with gamma 1", png(deep, RGB, 16, before=gamma), base)
    add("PNG, grey of 16 bits with gamma 1", png(deep_grey, GREY, 16, before=gamma), spread)
    add("PNG, grey of 2 bits with gamma 1", png(grey >> 6, GREY, 2, before=gamma))
    add("PNG, palette with gamma 1", png(grey >> 4, PALETTE, 4, before=gamma, palette=palette))
    add("PNG, RGB and alpha with gamma 1",
        png(np.concatenate([base, alpha], -1), RGB_ALPHA, 8, before=gamma), base)
    filtered = io.BytesIO()
    Image.fromarray(base).save(filtered, "PNG", optimize=True)
    add("PNG as Pillow writes it", filtered.getvalue(), base)
    add("PNG without an end", png(base, RGB, 8, tail=b""), base)
    add("PNG cut off", png(base, RGB, 8, cut=300), refused="the file ends before")
    add("PNG of indices without colours", png(grey >> 4, PALETTE, 4, palette=palette[:3]), refused="not in the palette")
    spoilt = bytearray(png(base, RGB, 8))
    spoilt[-40] ^= 0xFF
    add("PNG with a wrong checksum", bytes(spoilt), refused="damaged")
    add("PNG of an unknown kind", png(base, RGB, 8).replace(b"IHDR", b"IHDX"), refused="damaged")


def written(picture, **options):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def cjpeg(image, *options):
    stream = io.BytesIO()
    image.save(stream, "PPM")
    return subprocess.run(["cjpeg", *options], input=stream.getvalue(), check=True, stdout=subprocess.PIPE).stdout


def without(data, markers):
    """The file without segments of some kinds that stand before its first scan."""
    out, place = bytearray(data[:2]), 2
    while data[place + 1] != 0xDA:
        length = 2 + int.from_bytes(data[place + 2:place + 4], "big")
        if data[place + 1] not in markers:
            out += data[place:place + length]
        place += length
    return bytes(out) + data[place:]


def ycck(image):
    """A JPEG in four channels, luminance and colour of the inks: TurboJPEG makes it of CMYK."""
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    inks = 255 - np.asarray(image.convert("CMYK"))
    output, size = ctypes.c_void_p(), ctypes.c_ulong()
    status = library.tjCompress2(
        ctypes.c_void_p(library.tjInitCompress()), inks.tobytes(), inks.shape[1], 0, inks.shape[0], 11,
        ctypes.byref(output), ctypes.byref(size), 2, 90, 0)
    assert status == 0
    return ctypes.string_at(output, size.value)


def jpegs(base, size):
    image = Image.fromarray(base)
    for name, sampling in [("4:4:4", "1x1"), ("4:2:2", "2x1"), ("4:2:0", "2x2"), ("4:4:0", "1x2"), ("4:1:1", "4x1"),
                           ("4:1:0", "4x2"), ("2 by 4", "2x4"), ("3 by 1", "3x1"),
                           ("1 by 3", "1x3"), ("colour finer than light", "1x1,2x2,2x2"),
                           ("colours of their own", "2x2,2x1,1x2")]:
        for kind in ("", "-progressive", "-arithmetic"):
            if kind == "-arithmetic" and name not in ("4:2:0", "4:4:4"):
                continue
            options = [kind] if kind else []
            add(f"JPEG, {size}, {name}{kind.replace('-', ', ')}",
                cjpeg(image, "-quality", "90", "-sample", sampling, *options))
    add(f"JPEG, {size}, progressive, arithmetic", cjpeg(image, "-arithmetic", "-progressive"))
    add(f"JPEG, {size}, grey", written(image.convert("L"), quality=90))
    add(f"JPEG, {size}, grey, progressive", written(image.convert("L"), quality=90, progressive=True))
    add(f"JPEG, {size}, the lowest quality", written(image, quality=1))
    add(f"JPEG, {size}, the highest quality", written(image, quality=100, subsampling=0))
    add(f"JPEG, {size}, restarts", cjpeg(image, "-quality", "90", "-restart", "1B"))
    add(f"JPEG, {size}, RGB", cjpeg(image, "-rgb", "-quality", "90"))
    add(f"JPEG, {size}, CMYK", written(image.convert("CMYK"), quality=90))
    add(f"JPEG, {size}, CMYK, progressive", written(image.convert("CMYK"), quality=90, progressive=True))
    add(f"JPEG, {size}, YCCK", ycck(image))


def special_jpegs(base):
    image = Image.fromarray(base)
    plain = written(image, quality=90)
    exif = Image.Exif()
    for orientation in (2, 3, 6, 8):
        exif[0x0112] = orientation
        add(f"JPEG, EXIF orientation {orientation}", written(image, quality=90, exif=exif))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    add("JPEG with a colour profile", written(image, quality=90, icc_profile=profile))
    add("JPEG without a header of its own", without(plain, {0xE0}))
    rgb = without(cjpeg(image, "-rgb", "-quality", "90"), {0xE0, 0xEE})
    add("JPEG of channels called R, G and B", rgb)
    add("JPEG in CMYK without Adobe's marker", without(written(image.convert("CMYK"), quality=90), {0xE0, 0xEE}))
    # Behind the first segment, 20 bytes from the start.
    add("JPEG with stray bytes", plain[:20] + b"\0\0\0" + plain[20:], np.asarray(Image.open(io.BytesIO(plain))))
    add("JPEG with a revision that is not known", plain.replace(b"JFIF\0\1", b"JFIF\0\7"))
    scan = plain.index(b"\xff\xda")
    odd_scan = bytearray(plain)
    odd_scan[scan + 12] = 0
    assert bytes(odd_scan) != plain
    add("JPEG whose scan says nonsense", bytes(odd_scan), np.asarray(Image.open(io.BytesIO(plain))))
    adobe = bytearray(cjpeg(image, "-rgb", "-quality", "90"))
    adobe[adobe.index(b"Adobe") + 11] = 9
    add("JPEG with a colour transform that is not known", bytes(adobe))
    deep = bytearray(plain)
    deep[plain.index(b"\xff\xc0") + 4] = 12
    add("JPEG of 12 bits", bytes(deep), refused="other than 8 bits")
    lossless = bytearray(plain)
    lossless[plain.index(b"\xff\xc0") + 1] = 0xC3
    add("JPEG without loss", bytes(lossless), refused="lossless")
    add("JPEG cut off", plain[:len(plain) * 3 // 4], refused="damaged")
    add("JPEG without its end", plain[:-2], refused="damaged")
    add("JPEG with stray bytes and cut off", plain[:20] + b"\0\0\0" + plain[20:len(plain) * 3 // 4], refused="damaged")
    add("JPEG that ends in its header", plain[:60], refused="damaged")


def other_files(base):
    image = Image.fromarray(base)
    for kind in ("BMP", "GIF", "TIFF", "WEBP", "JPEG2000"):
        buffer = io.BytesIO()
        image.save(buffer, kind)
        add(kind, buffer.getvalue(), refused="neither JPEG nor PNG")


def picture(width, height, random):
    y, x = np.mgrid[0:height, 0:width]
    smooth = np.stack([130 + 110 * np.sin(x / 3), 120 + 100 * np.cos(y / 4), 12 * x + 3 * y], -1)
    return (smooth + random.normal(0, 9, smooth.shape)).clip(0, 255).astype("u1")


def main():
    random = np.random.default_rng(7)
    pngs(picture(16, 16, random), random)
    for width, height in [(16, 16), (19, 13)]:
        jpegs(picture(width, height, random), f"{width} × {height}")
    special_jpegs(picture(16, 16, random))
    other_files(picture(16, 16, random))
    text = json.dumps({"pillow": PIL.__version__, "pixels": pixel_sets, "pictures": pictures}, ensure_ascii=False, indent=0)
    (HERE / "tile_pictures.json").write_text(text + "\n")
    print(len(pictures), "pictures,", len(pixel_sets), "sets of pixels,", len(text), "bytes")


main()
