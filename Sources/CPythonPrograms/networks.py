"""Networks as their makers wrote them, built in torch from a recipe and a file of weights.

A recipe is a dictionary with "kind" and "weights", the path of a file:

- "slideflow": "architecture" (slideflow's name), "heads" (a list of {"name", "width"}), "hidden_layers" (widths),
  "dropout", "include_top", "tile_px".
- "timm": "architecture", "arguments" for timm.create_model, "embedding" ("token", "avg", "token+avg" or "own").
- "transformers": "folder" with config.json, "embedding" as above.

Weights are read as tensors alone: nothing is unpickled.
"""

import collections
import difflib
import json
import math
import os
import re
import sys
import types

import torch
from torch import nn
from torch.nn import functional


class Refusal(Exception):
    """What keeps a network from being built, in words for the person who asked for it."""


def import_torchvision():
    """torchvision, also where its compiled part is for another torch, as that of PyPI beside a torch without CUDA.

    That part is for detecting objects, and no network for tiles has it; all that fails without is what tells shapes of it.
    """
    try:
        import torchvision
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
        import torchvision
    return torchvision


def import_timm():
    import_torchvision()
    import timm

    return timm


# What slideflow calls by another name than torchvision does.
SLIDEFLOW_NAMES = {
    "densenet": "densenet161",
    "squeezenet": "squeezenet1_1",
    "shufflenet": "shufflenet_v2_x1_0",
    "inception": "inception_v3",
    "mnasnet": "mnasnet1_0",
}
# Networks that slideflow brings itself.
SLIDEFLOW_OWN = {"xception", "nasnet_large"}


def build(recipe):
    """The network of a recipe, with its weights, in evaluation mode and single precision.

    Raises Refusal.
    """
    maker = {"slideflow": SlideflowNetwork, "timm": TimmNetwork, "transformers": TransformersNetwork}.get(
        recipe.get("kind"))
    if maker is None:
        raise Refusal(f"A network of the kind “{recipe.get('kind')}” is not known.")
    network = maker(recipe)
    network.eval().float()
    network.settle()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network


class Network(nn.Module):
    """A network and what of it can be had by name: modules, "postconv", and its heads.

    forward(x) takes float32 N × 3 × H × W, standardised, and gives the heads as a list, each N × width.
    """

    # Width and height of a picture that the network surely takes.
    side = 224

    def __init__(self):
        super().__init__()
        self.heads = []
        # Names of modules whose value slideflow gives as that of a later one.
        self.later = {}

    def settle(self):
        """Called once the network is whole."""

    def pooled(self, values):
        """The vector that features are, N × width, from what `postconv_modules` gave, in their order."""
        raise NotImplementedError

    def postconv_modules(self):
        """Names of the modules that `pooled` reads; none where the network has no such vector."""
        return []

    def postconv_sources(self):
        return [self.later.get(name, name) for name in self.postconv_modules()]


class SlideflowNetwork(Network):
    """A backbone of torchvision or timm without its last layer, hidden layers, and a linear layer for each outcome."""

    def __init__(self, recipe):
        super().__init__()
        self.heads = [head["name"] for head in recipe["heads"]]
        self.side = int(recipe["tile_px"])
        self.is_timm = recipe["architecture"].startswith("timm_")
        self.model, width = backbone(recipe)
        hidden = list(recipe.get("hidden_layers", []))
        for index, size in enumerate(hidden):
            setattr(self, f"h{index}", HiddenLayer(width, size, recipe.get("dropout", 0)))
            width = size
        for index, head in enumerate(recipe["heads"]):
            setattr(self, f"fc{index}", nn.Linear(width, head["width"]))
        self.hidden_names = [f"h{index}" for index in range(len(hidden))]
        load_strictly(self, tensors(recipe["weights"]), recipe["weights"])

    def forward(self, x):
        x = self.model(x)
        for name in self.hidden_names:
            x = getattr(self, name)(x)
        return [getattr(self, f"fc{index}")(x) for index in range(len(self.heads))]

    def settle(self):
        self.later = overwritten(self, self.side)
        for module in self.modules():
            if getattr(module, "inplace", False):
                module.inplace = False

    def postconv_modules(self):
        if self.is_timm:
            # slideflow gives none; what the classifier reads is what others mean by it.
            classifier = self.model.pretrained_cfg.get("classifier")
            return ["input:model." + classifier] if isinstance(classifier, str) else []
        kind = type(self.model).__name__
        if kind in ("ResNet", "Inception3", "GoogLeNet"):
            return ["model.avgpool"]
        if kind in ("AlexNet", "SqueezeNet", "VGG", "MobileNetV2", "MobileNetV3", "MNASNet"):
            classifier = self.model.classifier
            if isinstance(classifier, nn.Identity):
                return ["model.classifier"]
            return ["model.classifier." + next(name for name, _ in classifier.named_children())]
        # What slideflow keeps of these is overwritten by the ReLU that follows.
        if kind == "DenseNet":
            return ["model.features.norm5"]
        if kind == "ShuffleNetV2":
            return ["model.conv5.1"]
        return []

    def pooled(self, values):
        x = values[0]
        if type(self.model).__name__ in ("DenseNet", "ShuffleNetV2"):
            x = functional.relu(x)
        if x.dim() == 4:
            x = x.mean(dim=(2, 3))
        return x.flatten(1)


class HiddenLayer(nn.Module):
    def __init__(self, inputs, outputs, dropout):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)
        self.relu = nn.ReLU(inplace=True)
        self.bn = nn.BatchNorm1d(outputs)
        self.dropout = nn.Dropout(dropout) if dropout else None

    def forward(self, x):
        x = self.bn(self.relu(self.linear(x)))
        return x if self.dropout is None else self.dropout(x)


def backbone(recipe):
    """A backbone without its last layer, and the width of what it gives."""
    name = recipe["architecture"]
    if name.startswith("timm_"):
        timm = import_timm()
        check_name(name[len("timm_"):])
        try:
            model = timm.create_model(name[len("timm_"):], pretrained=False)
        except Exception as error:
            raise Refusal(f"timm makes no network {name[len('timm_'):]}: {brief(error)}")
    else:
        model = torchvision_model(name)
    kind = type(model).__name__
    include_top = recipe.get("include_top", True)
    if kind == "SqueezeNet":
        return model, 1000
    if isinstance(getattr(model, "classifier", None), nn.Module):
        layers = list(model.classifier.named_children())
        if not layers:
            width, model.classifier = model.classifier.in_features, nn.Identity()
            return model, width
        if include_top:
            last, linear = layers[-1]
            setattr(model.classifier, last, nn.Identity())
            return model, linear.in_features
        linear = next(layer for _, layer in layers if hasattr(layer, "in_features"))
        model.classifier = nn.Identity()
        return model, linear.in_features
    if isinstance(getattr(model, "fc", None), nn.Linear):
        width, model.fc = model.fc.in_features, nn.Identity()
        return model, width
    if isinstance(getattr(model, "head", None), nn.Linear):
        # slideflow leaves the head of timm's networks where it is.
        return model, model.head.out_features
    raise Refusal(f"Of the architecture {name} it is not known which layer is the last.")


def torchvision_model(name):
    if name in SLIDEFLOW_OWN:
        raise Refusal(
            f"The architecture {name} is slideflow's own, no part of torchvision, and is not converted here.")
    maker = getattr(import_torchvision().models, SLIDEFLOW_NAMES.get(name, name), None)
    if not callable(maker) or isinstance(maker, type):
        raise Refusal(f"torchvision has no architecture {name}.")
    # Random weights of these take long to make, and are replaced.
    arguments = {"init_weights": False} if name in ("inception", "googlenet") else {}
    return maker(weights=None, **arguments)


def overwritten(network, side):
    """Names of modules that give a vector which a later module then overwrites in its place, with that module's name.

    slideflow keeps a reference to what a module gives, so its users get the later value.
    """
    kept, later = {}, {}

    def given(name):
        def hook(module, inputs, output):
            first = inputs[0] if inputs else None
            if getattr(module, "inplace", False) and torch.is_tensor(first):
                for other, (reference, value) in kept.items():
                    if reference.data_ptr() == first.data_ptr() and not torch.equal(reference, value):
                        later[other], kept[other] = name, (reference, reference.clone())
            if torch.is_tensor(output) and output.dim() == 2 and name not in later.values():
                kept[name] = (output, output.clone())

        return hook

    hooks = [module.register_forward_hook(given(name)) for name, module in network.named_modules() if name]
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        network(torch.randn(1, 3, side, side, generator=generator))
    for hook in hooks:
        hook.remove()
    return later


class TimmNetwork(Network):
    """An encoder of timm, without a head of its own."""

    def __init__(self, recipe):
        super().__init__()
        timm = import_timm()
        arguments = {
            key: value for key, value in recipe.get("arguments", {}).items() if key not in NO_ARGUMENTS}
        for key, value in arguments.items():
            if key in TIMM_LAYERS and isinstance(value, str):
                try:
                    arguments[key] = TIMM_LAYERS[key](value)
                except Exception:
                    raise Refusal(f"Of its arguments, {key} is “{value}”, which timm {timm.__version__} does not know.")
        given = tensors(recipe["weights"])
        for key, value in shown(given).items():
            arguments.setdefault(key, value)
        self.model = self.made(timm, recipe["architecture"], arguments)
        found = stripped(given, self.model)
        side = side_of(found, self.model)
        if side and "img_size" not in arguments:
            arguments["img_size"] = side
            self.model = self.made(timm, recipe["architecture"], arguments)
        classes = arguments["num_classes"]
        load_strictly(
            self.model, found, recipe["weights"],
            spare=() if classes else ("head.", "fc.", "classifier.", "head_drop."))
        self.embedding = recipe.get("embedding", "own")
        self.side = self.model.pretrained_cfg.get("input_size", (3, 224, 224))[-1]
        if "img_size" in arguments:
            self.side = int(arguments["img_size"])
        if classes:
            self.heads = ["logits"]
        own = self.model.pretrained_cfg
        self.preprocessing = {"mean": list(own["mean"]), "deviation": list(own["std"])}

    @staticmethod
    def made(timm, architecture, arguments):
        check_name(architecture)
        try:
            return timm.create_model(architecture, pretrained=False, **arguments)
        except Exception as error:
            near = difflib.get_close_matches(architecture, timm.list_models(), n=3)
            raise Refusal(
                f"timm {timm.__version__} makes no network {architecture}"
                + (f"; the nearest are {', '.join(near)}." if near and architecture not in near else f": {brief(error)}"))

    def forward(self, x):
        values = self.model.forward_features(x)
        self._features = values
        return [self.model.forward_head(values)] if self.heads else [self.embedded(values)]

    def embedded(self, tokens):
        if self.embedding == "own":
            return self.model.forward_head(tokens, pre_logits=True)
        first = getattr(self.model, "num_prefix_tokens", 1)
        return joined(tokens, first, self.embedding)

    def pooled(self, values):
        return self.embedded(values[0])

    def postconv_modules(self):
        return ["features"]


def side_of(found, model):
    """The side of the tiles that a transformer's weights have positions for, where it is not the model's; else None."""
    given, own = found.get("pos_embed"), getattr(model, "pos_embed", None)
    patches = getattr(model, "patch_embed", None)
    if given is None or own is None or given.shape[1] == own.shape[1] or given.dim() != 3:
        return None
    spare = own.shape[1] - patches.num_patches
    count = math.isqrt(max(given.shape[1] - spare, 0))
    return count * patches.patch_size[0] if count * count == given.shape[1] - spare else None


def shown(given):
    """Arguments of timm.create_model that the names and shapes of weights show."""
    arguments = {"num_classes": classes_of(given)}
    for name, value in given.items():
        if name.endswith("blocks.0.ls1.gamma"):
            # The number that it began with is of no more use, but that there is one.
            arguments["init_values"] = 1e-5
        if name.split(".")[-1] == "reg_token" and value.dim() == 3:
            arguments["reg_tokens"] = value.shape[1]
    return arguments


def classes_of(given):
    """As many rows as the last linear layer of a classifier has; 0 without one."""
    for name, value in given.items():
        if name.split(".")[-2:] in (["head", "weight"], ["fc", "weight"], ["classifier", "weight"]) and value.dim() == 2:
            return value.shape[0]
    return 0


# Arguments of timm.create_model that are no part of a network: what they name would be loaded too.
NO_ARGUMENTS = {
    "cache_dir", "checkpoint_path", "exportable", "features_only", "no_jit", "pretrained", "pretrained_cfg",
    "pretrained_cfg_overlay", "pretrained_strict", "scriptable"}


def check_name(architecture):
    """A name with a colon or a slash is a place that timm would fetch from."""
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", architecture):
        raise Refusal(f"“{architecture}” is no name of an architecture, and nothing is fetched from anywhere.")


# Layers that timm's models take as classes, and configurations name.
def activation(name):
    # torch calls them SiLU and GELU, timm silu and gelu.
    found = import_timm().layers.get_act_layer(name.split(".")[-1].lower())
    if found is None:
        raise LookupError(name)
    return found


def mlp(name):
    return getattr(import_timm().layers, name.split(".")[-1])


TIMM_LAYERS = {"act_layer": activation, "mlp_layer": mlp}


class TransformersNetwork(Network):
    """An encoder of transformers, of the kinds that the library knows itself."""

    def __init__(self, recipe):
        super().__init__()
        import_torchvision()
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        folder = recipe["folder"]
        try:
            # Its own loading knows how names of weights changed from release to release; nothing is fetched or unpickled.
            self.model, loading = transformers.AutoModel.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, dtype=torch.float32, output_loading_info=True)
        except Exception as error:
            raise Refusal(f"transformers {transformers.__version__} makes no network of {folder}: {brief(error)}")
        config = self.model.config
        absent = [name for name in sorted(loading["missing_keys"]) if not name.startswith("pooler.")]
        if absent or loading.get("mismatched_keys"):
            names = absent or [str(entry[0]) for entry in loading["mismatched_keys"]]
            raise Refusal(
                f"The weights in {folder} are not those of its config.json: {len(names)} are not there or of another "
                f"shape ({listed(names)}).")
        check_finite(self.model.state_dict(), folder)
        self.embedding = recipe.get("embedding", "token")
        side = getattr(config, "image_size", 224)
        self.side = side if isinstance(side, int) else side[0]
        embeddings = getattr(self.model, "embeddings", None)
        if hasattr(embeddings, "interpolate_pos_encoding"):
            # For tiles of the side that it has positions for they are what they are; a trace would interpolate them.
            embeddings.interpolate_pos_encoding = lambda *arguments: embeddings.position_embeddings
        self.prefix = 1 + getattr(config, "num_register_tokens", 0)

    def forward(self, x):
        tokens = self.model(pixel_values=x).last_hidden_state
        self._features = tokens
        return [joined(tokens, self.prefix, self.embedding)]

    def pooled(self, values):
        return joined(values[0], self.prefix, self.embedding)

    def postconv_modules(self):
        return ["features"]


def joined(tokens, first, embedding):
    """The class token, the mean of the patches, or both side by side."""
    parts = embedding.split("+")
    known = {"token": lambda: tokens[:, 0], "avg": lambda: tokens[:, first:].mean(dim=1)}
    return torch.cat([known[part]() for part in parts], dim=1) if len(parts) > 1 else known[parts[0]]()


class FixedDropout(nn.Module):
    """Dropout in several passes at once, with masks that are drawn once: the first in a network makes of N rows N × passes."""

    def __init__(self, share, passes, seed):
        super().__init__()
        self.share, self.passes, self.seed = share, passes, seed
        self.is_first = None
        self.mask = None

    def forward(self, x):
        shape = x.shape[1:]
        if self.mask is None:
            generator = torch.Generator().manual_seed(self.seed)
            drawn = torch.rand((self.passes, *shape), generator=generator) >= self.share
            self.mask = drawn.float() / (1 - self.share)
        if self.is_first:
            x = x.unsqueeze(1) * self.mask
        else:
            x = x.reshape(-1, self.passes, *shape) * self.mask
        return x.reshape(-1, *shape)


class Thinned(nn.Module):
    """How far the heads of a network spread over passes with dropout: forward(x) gives for each head N × 1, the standard
    deviation over the passes (n − 1) of the probabilities, averaged over the head's classes; of numbers as they are it is N ×
    width, one for each.

    All tiles see the same passes, so that a tile's value depends on the tile alone.
    """

    PASSES = 30

    @staticmethod
    def of(recipe, network, x):
        """None where the network has no dropout before its heads, or where it is not of a form that is repeated here."""
        if not network.heads or not Thinned.dropouts(network):
            return None
        thinned = Thinned(recipe, build(recipe))
        thinned.eval()
        try:
            with torch.no_grad():
                given = thinned(x)
        except RuntimeError:
            return None
        return thinned if all(len(value) == len(x) for value in given) else None

    @staticmethod
    def dropouts(network):
        """Of slideflow's networks those of the hidden layers alone, as slideflow has it."""
        return [
            (name, module) for name, module in network.named_modules()
            if share(module) and (not isinstance(network, SlideflowNetwork) or name.split(".")[0] in network.hidden_names)]

    def __init__(self, recipe, network):
        super().__init__()
        self.network = network
        self.has_classes = recipe.get("kind") != "slideflow" or recipe.get("outcome") == "classes"
        self.layers = []
        for seed, (name, module) in enumerate(self.dropouts(network)):
            parent = network.get_submodule(name.rpartition(".")[0])
            layer = FixedDropout(module.p, self.PASSES, seed)
            setattr(parent, name.rpartition(".")[2], layer)
            self.layers.append(layer)

    def forward(self, x):
        order = []
        if self.layers[0].is_first is None:
            # Which of them comes first is known once it has come.
            hooks = [
                layer.register_forward_pre_hook(lambda module, inputs: order.append(module) or setattr(
                    module, "is_first", len(order) == 1)) for layer in self.layers]
        values = self.network(x)
        if order:
            for hook in hooks:
                hook.remove()
        result = []
        for value in values:
            value = value.reshape(-1, self.PASSES, value.shape[-1])
            if self.has_classes:
                value = value.softmax(dim=-1) if value.shape[-1] > 1 else value.sigmoid()
            centred = value - value.mean(dim=1, keepdim=True)
            deviation = (centred.square().sum(dim=1) / (self.PASSES - 1)).sqrt()
            result.append(deviation.mean(dim=1, keepdim=True) if self.has_classes else deviation)
        return result


def share(module):
    """What a module drops; 0 for every other kind of module."""
    return module.p if isinstance(module, (nn.Dropout, nn.Dropout2d)) and 0 < module.p < 1 else 0


class Outputs(nn.Module):
    """What is wanted of a network, by names: forward(x) gives a list of tensors, one a name.

    A name is "postconv", a head's, or a module's dotted name, whose own output of its last call is given.
    Raises LookupError with the name that there is none of.
    """

    def __init__(self, network, names, as_slideflow=True):
        super().__init__()
        self.network = network
        self.names = list(names)
        self._values = {}
        modules = dict(network.named_modules())
        wanted = set()
        self._source = {}
        for name in self.names:
            if name == "postconv" and network.postconv_modules():
                wanted.update(network.postconv_sources())
            elif name not in network.heads:
                source = network.later.get(name, name) if as_slideflow else name
                if source not in modules or not source:
                    raise LookupError(name)
                self._source[name] = source
                wanted.add(source)
        for name in wanted - {"features"}:
            if name.startswith("input:"):
                modules[name[len("input:"):]].register_forward_pre_hook(self._keep_input(name))
            else:
                modules[name].register_forward_hook(self._keep(name))

    def _keep_input(self, name):
        def hook(module, inputs):
            self._values[name] = inputs[0]

        return hook

    def _keep(self, name):
        def hook(module, inputs, output):
            self._values[name] = output

        return hook

    def forward(self, x):
        self._values.clear()
        heads = dict(zip(self.network.heads, given)) if (given := self.network(x)) and self.network.heads else {}
        values = dict(self._values)
        self._values.clear()
        if hasattr(self.network, "_features"):
            values["features"] = self.network._features
            self.network._features = None
        result = []
        for name in self.names:
            if name in self._source:
                result.append(values.get(self._source[name]))
            elif name == "postconv":
                result.append(self.network.pooled([values[part] for part in self.network.postconv_sources()]))
            else:
                result.append(heads[name])
        return result


def tensors(path):
    """The tensors of a file by name: safetensors, or torch's own format without anything to unpickle.

    Raises Refusal.
    """
    try:
        if path.endswith(".safetensors"):
            from safetensors.torch import load_file

            return load_file(path)
        if path.endswith(".json"):
            return sharded(path)
        found = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise Refusal(f"{error.filename or path} is not there.")
    except Exception as error:
        text = brief(error)
        if "weights_only" in str(error) or "WeightsUnpickler" in str(error) or "Unsupported" in str(error):
            raise Refusal(
                f"{path} holds more than tensors, and nothing else is loaded, for it could run a program. Save its "
                "weights alone: torch.save(model.state_dict(), FILE), or safetensors.torch.save_file.")
        raise Refusal(f"{path} cannot be read: {text}")
    # Trainers put the weights beside other things.
    for key in ("state_dict", "model", "teacher", "student", "model_state_dict"):
        if isinstance(found, dict) and isinstance(found.get(key), dict):
            found = found[key]
            break
    if not isinstance(found, dict) or not all(torch.is_tensor(value) for value in found.values()):
        raise Refusal(f"{path} holds no table of tensors by name.")
    return found


def sharded(index):
    """Of an index of several files of tensors."""
    with open(index, encoding="utf-8") as file:
        names = sorted(set(json.load(file)["weight_map"].values()))
    found = {}
    for name in names:
        if os.path.basename(name) != name:
            raise Refusal(f"{index} names the file {name}, which is outside of its folder.")
        found.update(tensors(os.path.join(os.path.dirname(index), name)))
    return found


def stripped(found, model):
    """The same without a prefix that all names have and the model's do not, such as "module." or "visual.trunk."."""
    own = set(model.state_dict())
    prefixes = {""}
    for name in found:
        parts = name.split(".")
        prefixes.update(".".join(parts[:end]) + "." for end in range(1, min(len(parts), 4)))
    best = max(sorted(prefixes), key=lambda prefix: sum(prefix + name in found for name in own))
    return {name[len(best):]: value for name, value in found.items() if name.startswith(best)}


def load_strictly(model, found, path, spare=()):
    """Loads weights of exactly the shapes and names that the model has.

    spare: beginnings of names that may be left over.
    Raises Refusal that names the first that do not fit, and weights that are not finite.
    """
    own = model.state_dict()
    absent = [name for name in own if name not in found
              and not name.endswith("num_batches_tracked")]
    extra = [name for name in found if name not in own and not name.startswith(tuple(spare) or ("\0",))]
    if absent or extra:
        parts = []
        if absent:
            parts.append(f"{len(absent)} that it needs are not there ({listed(absent)})")
        if extra:
            parts.append(f"{len(extra)} that are there are not its own ({listed(extra)})")
        raise Refusal(f"The weights in {path} are not those of this architecture: " + "; ".join(parts) + ".")
    for name, value in own.items():
        if name in found and found[name].shape != value.shape:
            raise Refusal(
                f"The weights in {path} are not those of this architecture: {name} is {size(found[name])} there, and "
                f"{size(value)} in the network.")
    check_finite({name: found[name] for name in own if name in found}, path)
    given = collections.OrderedDict((name, found[name]) for name in own if name in found)
    # Some networks read the number of their own form from here.
    given._metadata = own._metadata
    model.load_state_dict(given, strict=False)


def check_finite(found, path):
    damaged = [name for name, value in found.items() if value.is_floating_point() and not torch.isfinite(value).all()]
    if damaged:
        raise Refusal(
            f"{path} holds numbers that are not finite, in {listed(damaged)}: every tile would get the same features, or "
            "none. The training went wrong; train the model again.")


def listed(names):
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def size(tensor):
    return " × ".join(map(str, tensor.shape)) or "one number"


def brief(error):
    """The first line of an error's text, for a sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]
