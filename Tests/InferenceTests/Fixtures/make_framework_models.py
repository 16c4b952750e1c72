"""Writes networks of known architecture with random weights, and what their framework makes of two tiles.

    make_framework_models.py torch FOLDER [NAME …]      needs torch, torchvision, onnx, onnxscript; timm for one
    make_framework_models.py keras FOLDER [NAME …]      needs tensorflow

FOLDER gets a model for each network and exporter, and NAME.json: the standardisation, and by layer (and pooling) its
values for two tiles of 224 px. FrameworkModelTests reads the folder named by TESSERA_FRAMEWORK_MODELS.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

SIDE = 224


def tiles():
    """The tiles that TestMaterial.fill makes, at 224 px."""
    y, x, c, shift = np.ogrid[:SIDE, :SIDE, :3, :2]
    grid = (7 * y + 13 * x + 101 * c + 3 * y * x + 50 * shift) % 256
    return np.moveaxis(grid, 3, 0).astype(np.uint8)


def write(folder, name, standardization, outputs):
    values = {layer: np.asarray(value, dtype=np.float64).reshape(-1).tolist() for layer, value in outputs.items()}
    (folder / f"{name}.json").write_text(json.dumps({"standardization": standardization, "layers": values}))
    print(name, {layer: len(value) for layer, value in values.items()}, flush=True)


def with_torch(folder, wanted):
    import torch
    import torchvision

    def mean(value):
        return value.mean((2, 3)) if value.dim() == 4 else value.mean(1) if value.dim() == 3 else value

    poolings = {"avg": mean, "max": lambda value: value.amax((2, 3)), "none": lambda value: value.flatten(1)}
    def vit():
        model = vision.VisionTransformer(SIDE, 16, 12, 6, 384, 1536, num_classes=3)
        torch.nn.init.normal_(model.heads.head.weight, 0, 0.05)
        return model

    def timm_vit():
        import timm

        return timm.create_model("vit_small_patch16_224", num_classes=3)

    vision = torchvision.models
    # The network, the modules to look at with how their values are pooled, the module whose input is postconv.
    networks = {
        "resnet50": (
            lambda: vision.resnet50(num_classes=2), {"layer3": "avg", "layer4.1": "max", "layer4": "none"}, "fc"),
        "vit_torchvision": (vit, {"encoder.layers.encoder_layer_5": "avg"}, "heads.head"),
        "vit_timm": (timm_vit, {"blocks.5": "avg"}, "head"),
        "mobilenet_v2": (lambda: vision.mobilenet_v2(num_classes=2), {"features.6": "avg"}, "classifier.1"),
        "densenet121": (lambda: vision.densenet121(num_classes=2), {"features.transition2": "avg"}, "classifier"),
        "squeezenet1_1": (lambda: vision.squeezenet1_1(num_classes=2), {"features.7": "avg"}, "classifier.1"),
    }
    pixels = torch.from_numpy(tiles().astype(np.float32)).permute(0, 3, 1, 2)
    deviation, centre = torch.tensor([0.229, 0.224, 0.225]), torch.tensor([0.485, 0.456, 0.406])
    batch = (pixels - 255 * centre.view(1, 3, 1, 1)) / (255 * deviation.view(1, 3, 1, 1))
    for name, (make, looks, head) in networks.items():
        if wanted and name not in wanted:
            continue
        torch.manual_seed(0)
        network = make().eval()
        for module in network.modules():
            # As after a training: not all zeros and ones.
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
                module.weight.data.uniform_(0.5, 1)
                module.bias.data.normal_(0, 0.1)
        outputs = {}
        for path, look in looks.items():
            network.get_submodule(path).register_forward_hook(
                lambda _, __, value, path=path, look=look: outputs.__setitem__(
                    f"{path}|{look}", poolings[look](value).detach().numpy()))
        network.get_submodule(head).register_forward_pre_hook(
            lambda _, value: outputs.__setitem__("postconv|avg", mean(value[0]).detach().numpy()))
        with torch.no_grad():
            outputs["logits|avg"] = network(batch).numpy()
        write(folder, name, "imagenet", outputs)
        names = {"input_names": ["input"], "output_names": ["output"]}
        axes = {"input": {0: "batch"}, "output": {0: "batch"}}
        torch.onnx.export(network, (batch,), folder / f"{name}.legacy.onnx", dynamo=False, dynamic_axes=axes, **names)
        dynamic = ({0: torch.export.Dim("batch")},)
        torch.onnx.export(
            network, (batch,), folder / f"{name}.dynamo.onnx", dynamo=True, external_data=False,
            dynamic_shapes=dynamic, **names)


def with_keras(folder, wanted):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    pixels = tiles().astype(np.float32)

    def head(base, hidden):
        value = base.output
        if hidden:
            value = keras.layers.Dense(64, activation="relu", name="hidden_0")(value)
        value = keras.layers.Dense(2, name="logits-outcome")(value)
        return keras.Model(base.input, keras.layers.Softmax(name="out-outcome")(value))

    def base(kind):
        return kind(input_shape=(SIDE, SIDE, 3), include_top=False, weights=None, pooling="avg")

    apps = keras.applications
    # The names of convolutions are lost; their residual blocks are numbered.
    networks = {
        "keras_mobilenet_v2": (
            lambda: head(base(apps.MobileNetV2), hidden=True), "tensorflow", {"block_12_add": "block_8"}),
        "keras_efficientnet_b0": (lambda: head(base(apps.EfficientNetB0), hidden=False), "none", {}),
        "keras_resnet50": (lambda: apps.ResNet50(weights=None, classes=2), "torch", {"conv4_block6_out": "block_13"}),
    }
    for name, (make, standardization, blocks) in networks.items():
        if wanted and name not in wanted:
            continue
        model = make()
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                shape = layer.moving_mean.shape
                layer.moving_mean.assign(np.random.normal(0, 0.1, shape))
                layer.moving_variance.assign(np.random.uniform(0.5, 1.5, shape))
        batch = {
            "tensorflow": lambda: tf.image.per_image_standardization(pixels).numpy(),
            "torch": lambda: pixels / 127.5 - 1, "none": lambda: pixels,
        }[standardization]()
        # The last one: there are more in blocks that weigh their channels.
        poolings = [layer for layer in model.layers if isinstance(layer, keras.layers.GlobalAveragePooling2D)]
        taps = {"postconv|avg": poolings[-1].output}
        for layer, block in blocks.items():
            taps[f"{block}|avg"] = keras.ops.mean(model.get_layer(layer).output, axis=(1, 2))
        if any(layer.name == "hidden_0" for layer in model.layers):
            taps["hidden_0|avg"] = model.get_layer("hidden_0").output
        outputs = dict(keras.Model(model.input, taps)(batch))
        if model.layers[-1].name == "predictions":
            # Its softmax is a part of the layer: the logits are taken by the layer's own weights.
            weights, bias = model.layers[-1].get_weights()
            outputs["logits|avg"] = outputs["postconv|avg"].numpy() @ weights + bias
        else:
            outputs["logits|avg"] = keras.Model(model.input, model.get_layer("logits-outcome").output)(batch)
        write(folder, name, standardization, outputs)
        model.export(folder / f"{name}.export", verbose=False)
        (folder / f"{name}.tflite").write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())


if __name__ == "__main__":
    kind, folder, *names = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    {"torch": with_torch, "keras": with_keras}[kind](Path(folder), names)
