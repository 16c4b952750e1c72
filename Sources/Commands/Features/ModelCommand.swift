import CommandLanguage
import Workflows

/// `model`: opens a trained network and lists its layers.
struct ModelCommand: TypedCommand {
  static let page = CommandPage(
    "model", topic: "Features",
    summary: "Opens a trained network: input size, layers, which one is postconv, outcome names.",
    discussion: """
      The model is an ONNX file (`.onnx`), the folder of a TensorFlow SavedModel, a TensorFlow Lite file (`.tflite`), an \
      OpenVINO file (`.xml`, with its `.bin` beside it), or a network of torch: a folder that slideflow made (or the \
      `.zip` in it), `timm:NAME` or `hf:NAME` with `weights=FILE`, or a folder of Hugging Face with config.json. Those are \
      converted once, by the Python that kernelspec/torch makes; torch's numbers and those computed here are compared, and \
      from then on no Python is needed. Of slideflow's models layers are what slideflow gives. `postconv` is the layer of that name, or the pooled vector \
      that feeds the last fully connected layer; the output says which and why. Every output that is no features is a \
      head: classes behind a softmax, labels behind a sigmoid, or numbers. What is kept is the tensor before that, and \
      with several heads an output is called `msi/high`. An encoder that ends in a projection has no head. What nothing \
      says is assumed, and said; `outputs` says otherwise. Of the tokens of a transformer the class token is taken \
      where there is one, and register tokens belong to no mean (`pooling` of `features`). What a network wants its tiles to \
      be is known from params.json, from `preprocessor_config.json` or timm's `config.json` beside it, or from its first \
      operations; where nothing says it, a warning does. The table lists what features are mostly taken from: outputs, \
      pooled vectors, fully connected layers, stages and blocks; every tensor can be asked for by its name or the short \
      one.
      """, reference: ["Features", "load_model"],
    examples: ["model models/hpv.onnx", "model models/hpv.onnx mean=[104, 117, 124] scale=1 channels=bgr"])

  @Parameter(
    "The model: a file, a folder, or the name of an encoder (timm:NAME, hf:NAME).", as: .path(ModelOpening.file),
    positional: true)
  var model: String
  @Group var reading: ModelReadingParameters
  @Parameter("Lists every tensor of the network.") var all = false
  @Parameter("The project.", implies: ImpliedParameter(Study.type, otherwise: "none")) var project: Study?

  func peek(_ input: PeekInput) -> KnownNames? {
    $model.given.flatMap { ModelOpening.glance($0, weights: reading.$weights.given ?? nil, folders: folders) }.map {
      KnownNames($0)
    }
  }

  /// However the path is written.
  func identify(_ input: PeekInput) -> String? {
    $model.given.map { path in
      let found = ModelOpening.resolved(path, in: folders)
      let owner = $project.names?.names(of: .project)?.first ?? "no project"
      return ([PathResolution.unique(found), owner] + reading.recipe).joined(separator: "\n")
    }
  }

  private var folders: [String] { $project.names?.names(of: .folder) ?? [] }

  func run(_ invocation: Invocation) throws -> StudyModel {
    var value = try ModelOpening.open(model, reading.asked, study: project, monitor: invocation.work)
    value.basis = invocation.basis
    value.show(in: invocation.output, all: all)
    return value
  }
}
