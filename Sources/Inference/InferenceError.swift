/// What can go wrong between a model file and its activations.
package enum InferenceError: Error, Sendable, Equatable {
  // A model file.
  case fileMissing(path: String)
  case notAFile(path: String)
  case fileUnreadable(path: String)
  case fileEmpty(path: String)
  /// `looksLike` is the kind of file where it can be told.
  case notAModel(path: String, looksLike: ForeignModel?)
  /// A model of several files, of which one is not there; `beside` are those that may be it under another name.
  case companionMissing(path: String, companion: String, beside: [String] = [])
  /// A model names a file of its weights that lies outside of its folder, which no engine follows.
  case companionOutside(path: String, companion: String)
  /// A model of one kind under the ending of another.
  case wrongExtension(path: String, kind: String, wanted: String)
  /// The file says that it holds `expected` bytes, and has only `actual`.
  case fileTruncated(path: String, expected: Int, actual: Int)
  /// No engine reads models of this kind.
  case noEngine(path: String, kind: String)
  /// `remedy` is what the engine advises, if anything.
  case modelRefused(path: String, engine: String, reason: String, remedy: String?)
  case inputUnsupported(path: String, found: String)
  /// A network of torch that is known for what it is and not read; `reason` is a clause.
  case torchNetworkRefused(path: String, reason: String, remedy: String?)
  /// torch and the converted network give other numbers; `error` is relative.
  case conversionDiffers(path: String, tensor: String, error: Double, allowed: Double)

  // What is asked of a model.
  case unknownLayer(name: String, nearest: [String], path: String)
  /// The class token of a layer is wanted that has none; `tokens` is what it has, nil for a map.
  case noClassToken(layer: String, shape: String, tokens: String?)
  /// A person says that there are so many register tokens, and the file shows otherwise.
  case registersContradicted(path: String, registers: Int, tokens: String?)
  /// Another side is given than the file says.
  case sideFixed(path: String, side: Int, given: Int)
  /// A network that takes bytes as they are is given a standardisation; `type` is that of its input.
  case bytesWanted(path: String, type: String)
  /// A model takes only tiles of some sides; `taken` are those that were found.
  case sideRefused(path: String, side: Int, taken: [Int])
  /// All values of a layer are wanted whose number the file leaves open.
  case layerSizeUnknown(name: String, shape: String)
  case noPostconv(path: String, reason: String)
  /// The graph shows another activation before an output than the one that was asked for.
  case outputsContradicted(path: String, output: String, shown: String, asked: String)
  case nothingAsked
  case compilationFailed(path: String, engine: String, reason: String)
  case inferenceFailed(path: String, reason: String)
  case engineUnavailable(engine: String, reason: String)
  case precisionUnavailable(MissingPrecision)
  /// No engine has this name; `known` are those that there are.
  case engineUnknown(name: String, known: [String])
  /// An engine does not compute this model, or not so. `reason` completes "the engine torch …".
  case engineUnfit(engine: String, parameter: String, reason: String, remedy: String?)
  /// A program that computes failed. `reason` completes "the engine torch on cuda:0 …".
  case workerFailed(engine: String, device: String?, reason: String, remedy: String?)

  // A params.json.
  case parametersMissing(path: String)
  case parametersUnreadable(path: String, reason: String)
  case parametersInvalid(path: String, key: String, expected: String, found: String)
  case parametersDoNotFit(path: String, reason: String)

  // Standardisation.
  case standardizationInvalid(parameter: String, expected: String, found: String)
  /// Mean and scale are taken for those of the range `given`, and can only be those of the other; of shares that were taken
  /// for bytes the numbers are those of bytes.
  case standardizationOfOtherRange(given: Standardization.InputRange, mean: [Double]?, scale: [Double]?)
}

/// Why a network cannot be computed in a precision.
package enum MissingPrecision: Sendable, Equatable {
  /// The engine does not know it.
  case unknown(engine: String, InferenceSettings.Precision)
  /// The processor has no instructions for products of bytes.
  case noEightBitProducts

  var message: String {
    switch self {
    case .unknown(let engine, .fp16):
      "\(engine) on the processor does not compute in fp16, the half precision of graphics processors."
    case .unknown(let engine, let precision): "\(engine) does not compute in \(precision.rawValue)."
    case .noEightBitProducts:
      "int8 wants a processor with instructions for products of bytes (AVX-512 VNNI, AVX-VNNI or AMX), and this one "
        + "has none."
    }
  }

  var remedy: String {
    switch self {
    case .unknown(_, .fp16): "precision=bf16"
    default: "precision=f32"
    }
  }
}

/// Files that are taken for models and are none that can be read.
package enum ForeignModel: Sendable, Equatable {
  case torch, keras, kerasHDF5, pickle, safetensors, xml, webPage, gitPointer, savedModelPart

  /// As in "it looks like …".
  var phrase: String {
    switch self {
    case .torch: "a ZIP archive, as torch writes"
    case .keras: "a .keras archive"
    case .kerasHDF5: "an HDF5 file, as Keras writes"
    case .pickle: "a Python pickle"
    case .safetensors: "a safetensors file, weights without a network"
    case .xml: "an XML file of another kind"
    case .webPage: "a web page, such as comes in place of a file that a login is needed for"
    case .gitPointer: "a Git LFS pointer whose content was not fetched"
    case .savedModelPart: "a part of a TensorFlow SavedModel"
    }
  }

  /// How to get what is read here.
  var remedy: String {
    switch self {
    case .torch, .pickle, .safetensors:
      "The weights of an encoder of timm open as timm:NAME weights=FILE, and a model of slideflow with its params.json "
        + "beside it. Any other, in Python, with the network that has these weights as model: torch.onnx.export(model.eval(), "
        + "torch.zeros(1, 3, 299, 299), \"model.onnx\", input_names=[\"input\"], dynamic_axes={\"input\": {0: \"batch\"}}), "
        + "with the side of its tiles for 299. A file model.onnx.data that is written too belongs to it."
    case .keras, .kerasHDF5:
      "In Python: keras.models.load_model(\"FILE\", compile=False).export(\"FOLDER\"), and give the folder."
    case .webPage: "Download the file again, logged in."
    case .gitPointer: "Fetch it with `git lfs pull`."
    case .savedModelPart: "Give the folder that holds it."
    case .xml: "Give an .onnx, .tflite, or OpenVINO .xml file, or the folder of a TensorFlow SavedModel."
    }
  }
}
