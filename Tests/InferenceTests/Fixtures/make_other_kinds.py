"""Writes small models of the kinds other than ONNX, beside those of make_models.py, and what Keras makes of the tile.

    make_other_kinds.py keras       small_saved_model/, small.tflite, expected_keras.json (needs tensorflow)
    make_other_kinds.py openvino    classifier.xml and .bin from classifier.onnx (needs openvino)
"""

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
SIDE = 16


def tile():
    y, x, c = np.ogrid[:SIDE, :SIDE, :3]
    return ((7 * y + 13 * x + 101 * c + 3 * y * x) % 256).astype(np.float32)[None]


def with_keras():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(1)
    layers = keras.layers
    start = keras.Input((SIDE, SIDE, 3), name="tile")
    value = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="first")(start)
    inner = layers.Conv2D(8, 3, padding="same", activation="relu", name="second")(value)
    block = layers.ReLU(name="joined_out")(layers.Add(name="joined")([value, inner]))
    pooled = layers.GlobalAveragePooling2D(name="pooled")(block)
    hidden = layers.Dense(6, activation="relu", name="hidden_0")(pooled)
    logits = layers.Dense(2, name="logits")(hidden)
    model = keras.Model(start, layers.Softmax(name="out")(logits))
    taps = {"block_1": keras.ops.mean(block, axis=(1, 2)), "pooled": pooled, "hidden_0": hidden, "logits": logits}
    values = keras.Model(start, list(taps.values()))(tf.image.per_image_standardization(tile()))
    expected = {name: np.asarray(value, np.float64).reshape(-1).tolist() for name, value in zip(taps, values)}
    (FOLDER / "expected_keras.json").write_text(json.dumps(expected) + "\n")
    saved = FOLDER / "small_saved_model"
    shutil.rmtree(saved, ignore_errors=True)
    model.export(saved, verbose=False)
    (saved / "fingerprint.pb").unlink(missing_ok=True)
    (FOLDER / "small.tflite").write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


def with_openvino():
    import openvino

    model = openvino.Core().read_model(FOLDER / "classifier.onnx")
    openvino.save_model(model, FOLDER / "classifier.xml", compress_to_fp16=False)


if __name__ == "__main__":
    {"keras": with_keras, "openvino": with_openvino}[sys.argv[1]]()
