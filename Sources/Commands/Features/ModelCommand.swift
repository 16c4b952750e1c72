import CommandLanguage
import Workflows

/// `model`: opens a trained network and lists its layers.
enum ModelCommand {
  static let declaration = CommandDeclaration(
    name: "model", referenceNames: ["Features", "load_model"], topic: "Features",
    summary: "Opens a trained network: input size, layers, which one is postconv, outcome names.",
    discussion: """
      The model is an ONNX file (`.onnx`), the folder of a TensorFlow SavedModel, a TensorFlow Lite file (`.tflite`), or \
      an OpenVINO file (`.xml`, with its `.bin` beside it). `postconv` is the layer of that name, or the pooled vector \
      that feeds the last fully connected layer; the output says which and why. Every output that is no features is a \
      head: classes behind a softmax, labels behind a sigmoid, or numbers. What is kept is the tensor before that, and \
      with several heads an output is called `msi/high`. An encoder that ends in a projection has no head. What nothing \
      says is assumed, and said; `outputs` says otherwise. The table lists what features are mostly taken from: outputs, \
      pooled vectors, fully connected layers, stages and blocks; every tensor can be asked for by its name or the short \
      one.
      """,
    parameters: [
      ParameterDeclaration(
        "model", .path(ModelOpening.file), positional: true, required: true,
        "The model: a file, or the folder of a SavedModel.")
    ] + ModelOpening.parameters + [
      ParameterDeclaration("all", .boolean, default: "false", "Lists every tensor of the network."),
      ModelRun.projectParameter,
    ], result: .model,
    examples: ["model models/hpv.onnx", "model models/hpv.onnx mean=[104, 117, 124] scale=1 channels=bgr"])

  static let command = Command(
    declaration,
    peek: { input in
      let folders = input.parameterNames["project"]?.names(of: .folder) ?? []
      return input.arguments.text("model").flatMap { ModelOpening.peek($0, folders: folders) }
    },
    identify: ModelOpening.recipe,
    run: { invocation in
      let arguments = invocation.arguments
      var value = try ModelOpening.open(
        arguments.text("model") ?? "", ModelOpening.Asked(arguments), study: arguments.value("project") as? Study)
      value.basis = invocation.basis
      value.show(in: invocation.output, all: arguments.boolean("all") ?? false)
      return value
    })
}
