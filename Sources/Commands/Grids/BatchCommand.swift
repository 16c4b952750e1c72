import CommandLanguage
import Rendering
import Workflows

/// `batch`: activations of some pictures.
enum BatchCommand {
  static let declaration = CommandDeclaration(
    name: "batch", referenceNames: ["Features"], topic: "Features",
    summary: "Computes activations and logits of pictures, or of some tiles of a dataset, without keeping them.",
    discussion: """
      `images` names PNG and JPEG files, and tiles of a dataset: `DEMO-01:5`, `DEMO-01:0..<32`. `index=2` is the third \
      batch of a dataset, of `batch_size` tiles each, counted through its slides; a range or a list is the tiles of \
      these numbers. Pictures are square; those of another size than the model takes are \
      resized as tiles are. The table has a row for each.
      """,
    subject: ModelRun.subject,
    parameters: [
      ParameterDeclaration(
        "images", .list(.either([.path(.existingFile(extensions: ["png", "jpg", "jpeg"])), .text])),
        "Files, and tiles as SLIDE:NUMBER or SLIDE:FIRST..<END."),
      ParameterDeclaration(
        "dataset", .value([.dataset]),
        implies: Implication(
          .dataset, otherwise: "all tiles of the project at the model's tile size", where: usesTiles), "Whose tiles."),
      ModelRun.datasetOrProjectParameter,
      ParameterDeclaration(
        "index", .either([.integer(0...1_000_000_000), .range, .list(.integer(0...1_000_000_000))]),
        "The number of a batch, from 0; or a range or list of the numbers of tiles."),
    ] + ModelRun.layersParameters + [
      ParameterDeclaration(
        "include_logits", .boolean, default: "true", referenceNames: ["include_preds"], "Keeps the logits too.")
    ] + ModelRun.settingsParameters + [ModelStain.parameter] + ModelOpening.parameters, result: .table,
    examples: [
      "batch models/hpv.onnx images=DEMO-01:0..<4", "b = batch models/hpv.onnx index=2 batch_size=16 layers=[postconv]",
    ])

  static let command = Command(
    declaration,
    peek: ModelRun.peek,
    run: { invocation in
      let arguments = invocation.arguments
      let (given, study) = ModelRun.source(arguments)
      let network = try ModelRun.network(try ModelRun.model(invocation, study: study), arguments)
      let batch = try PictureBatch.compute(
        network, request(arguments), dataset: given, study: study,
        basis: { used in used.map { ModelRun.basis(invocation, given: given, used: $0) } ?? invocation.basis },
        monitor: invocation.work)
      let excerpt = batch.excerpt
      let value = TableValue(
        whole: { batch.table }, shown: excerpt, shownRows: excerpt.rows.count, shape: batch.shape,
        names: network.model.knownNames)
      value.show(in: invocation.output)
      invocation.output.add(network.remarks)
      return value
    })

  /// False where pictures are files alone.
  private static func usesTiles(_ arguments: BoundArguments) -> Bool {
    arguments.has("index") || arguments["images"]?.items.contains { if case .text = $0 { true } else { false } } == true
  }

  private static func request(_ arguments: BoundArguments) -> PictureRequest {
    let index: PictureRequest.Index? =
      switch arguments["index"] {
      case nil: nil
      case .integer(let number)?:
        .batch(number, size: arguments.integer("batch_size") ?? PictureRequest.defaultBatchSize)
      case .range(let range)?: .range(range)
      case let value?: .list(value.items.compactMap(\.integer))
      }
    return PictureRequest(
      images: arguments.texts("images") ?? [], index: index, usesTiles: usesTiles(arguments))
  }
}
