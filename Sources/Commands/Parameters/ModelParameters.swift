import CommandLanguage
import Inference
import Slides
import Workflows

/// How tiles become a network's input, and how its outputs are read.
struct ModelReadingParameters: ParameterGroup {
  /// The words for `Standardization.presets`.
  enum Preset: String, ParameterChoice { case torch, tensorflow, imagenet, none }

  @Parameter(
    "A params.json that describes the model; left out, the one beside the model, else the only one of the project that "
      + "names as many outcomes as the model gives.",
    as: .path(.existingFile(extensions: ["json"])))
  var params: String?
  @Parameter(
    "How the bytes of a tile become the network's input: x / 127.5 − 1 (torch), each tile by its own mean and deviation "
      + "(tensorflow), by ImageNet's (imagenet), or as they are; left out, what params.json says, else preprocessor_config.json or timm's "
      + "config.json beside the model.")
  var standardization: Preset?
  @Parameter(
    "Subtracted from each byte, 0 to 255 (see `range`); one number or one a channel.", as: .list(.number(-1e6...1e6)))
  var mean: [Double]?
  @Parameter("Divides each byte after that; one number or one a channel.", as: .list(.number(-1e6...1e6)))
  var scale: [Double]?
  @Parameter(
    "What `mean` and `scale` are of: bytes (255), or x / 255 (1), as the cards of models give them.", shown: "255",
    only: [.without(\ModelReadingParameters.$standardization)])
  var range: Standardization.InputRange?
  @Parameter("The order of the channels.", shown: "rgb") var channels: Standardization.Channels?
  @Parameter(
    "What the outputs are: logits of classes that exclude each other (softmax), or of labels that do not (sigmoid), "
      + "numbers, or features; left out, what the file and params.json show.")
  var outputs: OutputReading.Asked?
  @Parameter(
    "Width and height that the network takes, where its file leaves them open; tiles of another size are resized.",
    in: 1...16384, unit: "px")
  var side: Int?
  @Parameter(
    "The file of weights of an encoder that is only named (timm:NAME, hf:NAME): .safetensors, .bin or .pth.",
    as: .path(.existingFile(extensions: ["safetensors", "bin", "pth", "pt", "json"])))
  var weights: String?
  @Parameter("How many register tokens a transformer has, where its file does not show it.", in: 0...256)
  var registers: Int?

  var asked: ModelOpening.Asked {
    var asked = ModelOpening.Asked()
    asked.parametersPath = params
    asked.preset = standardization?.rawValue
    asked.mean = mean
    asked.scale = scale
    asked.range = range
    asked.channels = channels
    asked.outputs = outputs
    asked.side = side
    asked.registers = registers
    asked.weights = weights
    return asked
  }

  /// What was given, in one form.
  var recipe: [String] {
    func line<Value>(_ state: ParameterState<Value?>) -> String? {
      (state.given ?? nil).map { "\(state.name)=" + ($0.spelling ?? "") }
    }
    return [
      line($params), line($standardization), line($mean), line($scale), line($range), line($channels), line($outputs),
      line($side), line($registers), line($weights),
    ].compactMap(\.self)
  }
}

/// What a model may be.
extension ModelOpening {
  static let file = PathRole.existingFileOrFolder(
    extensions: ModelFormat.fileExtensions + ["zip"], holding: [ModelFormat.savedModelFile] + TorchNetwork.folderFiles,
    explained: ModelFormat.foreignExtensions + [TorchNetwork.bagModelFile],
    schemes: TorchNetwork.schemes)
}

/// A model of the session, or its file.
enum ModelSource: SubjectValue {
  case model(StudyModel)
  case file(String)

  static let subjectTypes = [StudyModel.type]
  init?(subjects: [any SessionValue], path: String?) {
    if let path {
      self = .file(path)
    } else if let model = subjects.first as? StudyModel {
      self = .model(model)
    } else {
      return nil
    }
  }

  /// Opened anew where the arguments say how tiles become the network's input.
  func opened(_ asked: ModelOpening.Asked, study: Study?, _ invocation: Invocation) throws -> StudyModel {
    switch self {
    case .model(let model): try ModelOpening.reopen(model, asked, study: study, monitor: invocation.work)
    case .file(let path): try ModelOpening.open(path, asked, study: study, monitor: invocation.work)
    }
  }
}

/// The layers of a network that are kept.
struct LayerParameters: ParameterGroup {
  /// How the places within a tile become one vector.
  enum Pooling: String, ParameterChoice {
    case average = "avg"
    case maximum = "max"
    case classToken = "cls"
    case patchMean = "mean"
    case classAndMean = "cls+mean"
  }

  @Parameter("Layers, joined side by side.", as: .list(.name(.layer))) var layers = ["postconv"]
  @Parameter(
    "How the places within a tile become one vector. Maps: by mean or maximum. Tokens of a transformer: the class token "
      + "(cls), the mean over the patches, without class and register tokens (mean), or both side by side (cls+mean); avg "
      + "and max are over all tokens. none keeps all values. Left out, cls where there is a class token, else the mean.",
    as: .optional(Pooling.parameterType))
  var pooling: Pooling?

  /// nil where it is left to the layer.
  fileprivate var layerPooling: Layer.Pooling? {
    switch pooling {
    case .average?: .average
    case .maximum?: .maximum
    case .classToken?: .classToken
    case .patchMean?: .patchMean
    case .classAndMean?: .classAndMean
    case nil: $pooling.isGiven ? Layer.Pooling.none : nil
    }
  }
}

/// Whether logits are kept besides layers.
struct LogitParameters: ParameterGroup {
  @Parameter("Keeps the logits too.", referenceNames: ["include_preds"]) var includeLogits = true
}

/// Whether it is computed how sure a network is, by its dropout.
struct UncertaintyParameters: ParameterGroup {
  @Parameter(
    "Computes too how far the outcome spreads over 30 passes with dropout, where the network was trained with some; `label "
      + "by=uncertainty` shows it.", referenceNames: ["uq", "include_uncertainty"])
  var uncertainty = false
}

/// How a network computes.
struct InferenceParameters: ParameterGroup {
  @Parameter(
    "What computes the network: torch or onnxruntime, which `./kernelspec/torch` installs, or a program "
      + "tessera-engine-NAME on the PATH. Left out, openvino, which is built in.")
  var engine: String?
  @Parameter(
    "Where it computes: cpu, cuda:0, or several, each with batches of its own; for openvino cpu alone. Left out, the first "
      + "GPU where the engine finds one.", as: .list(.text))
  var device: [String]?
  @Parameter(
    "Tiles computed together, part of what is stored, where something is; of engines besides openvino the most, of which "
      + "they take what their memory holds.", in: 1...1024)
  var batchSize: Int?
  @Parameter(
    "Arithmetic of the network. bf16 takes half the time and is coarser. int8 takes between a third and a quarter on "
      + "processors made for it, and is for maps: it is calibrated on tiles with tissue, compared with f32 on others, refused "
      + "where the features lose too much, and keeps no logits. fp16 is of graphics processors.")
  var precision = InferenceSettings.Precision.f32

  var settings: InferenceSettings {
    var settings = InferenceSettings()
    if let batchSize { settings.batchSize = batchSize }
    settings.precision = precision
    if engine != nil || device != nil {
      settings.engine = EngineChoice(
        name: engine ?? InferenceEngines.standard, devices: device ?? [], batchLimit: batchSize)
    }
    return settings
  }
}

extension NetworkRun {
  init(
    _ model: StudyModel, _ layers: LayerParameters, _ logits: LogitParameters, _ inference: InferenceParameters,
    _ stain: ModelStainParameters, _ uncertainty: UncertaintyParameters? = nil
  ) throws {
    try self.init(
      model, layers: layers.layers, pooling: layers.layerPooling, includesLogits: logits.includeLogits,
      includesUncertainty: uncertainty?.uncertainty ?? false, settings: inference.settings,
      stain: ModelStain(stain.choice, of: model))
  }
}

extension Invocation {
  /// What a result was made from: the dataset and whatever else was not named, or all tiles of the project.
  ///
  /// - Parameter dataset: nil where none is given or meant.
  func basis(given dataset: StudyDataset?, used: StudyDataset) -> String? {
    guard dataset == nil else { return basis }
    let project = implied.first { $0.parameter == "project" }?.phrase ?? "of the project"
    let all = "on all tiles \(project) at \(used.dataset.tileSize.label)"
    return ([all] + implied.filter { $0.parameter != "project" }.map(\.phrase)).joined(separator: ", ")
  }
}

extension KnownNames {
  /// What is known of a model, given or in a file, and of what it is run on.
  init(model path: String?, _ input: PeekInput, on names: KnownNames?) {
    self = names ?? KnownNames()
    if let subject = input.subjectNames { self = merging(subject) }
    if let path, let glance = ModelOpening.glance(path, folders: names?.names(of: .folder) ?? []) {
      self = merging(KnownNames(glance))
    }
  }

  /// Notes that a parameter was given, which later commands take over from the result.
  mutating func settle<Value>(_ parameter: ParameterState<Value?>) {
    guard parameter.isGiven else { return }
    // Of what does not exist yet it is known that it will be there; `none` is no label.
    if case .some(.none) = parameter.given { return }
    settled.insert(parameter.name)
  }
}
