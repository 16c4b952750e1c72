import CommandLanguage
import Rendering
import Workflows

/// `batch`: activations of some pictures.
struct BatchCommand: TypedCommand {
  static let page = CommandPage(
    "batch", topic: "Features",
    summary: "Computes activations and logits of pictures, or of some tiles of a dataset, without keeping them.",
    discussion: """
      `images` names PNG and JPEG files, and tiles of a dataset: `DEMO-01:5`, `DEMO-01:0..<32`. `index=2` is the third \
      batch of a dataset, of `batch_size` tiles each, counted through its slides; a range or a list is the tiles of \
      these numbers. Pictures are square; those of another size than the model takes are \
      resized as tiles are. The table has a row for each.
      """, reference: ["Features", "Features(batch)"],
    examples: [
      "batch models/hpv.onnx images=DEMO-01:0..<4", "b = batch models/hpv.onnx index=2 batch_size=16 layers=[postconv]",
    ])

  /// A file, or tiles as SLIDE:NUMBER or SLIDE:FIRST..<END.
  enum Picture: ParameterValue {
    case file(String)
    case tiles(String)

    static let parameterType = ParameterType.either([.path(.existingFile(extensions: ["png", "jpg", "jpeg"])), .text])
    init?(argument: BoundValue) {
      switch argument {
      case .path(let path): self = .file(path)
      case .text(let text): self = .tiles(text)
      default: return nil
      }
    }

    var written: String {
      switch self {
      case .file(let text), .tiles(let text): text
      }
    }
  }

  /// The number of a batch, or the numbers of tiles.
  enum Index: BoundedParameterValue {
    case batch(Int)
    case tiles(RangeOrList<Int>)

    static var parameterType: ParameterType { parameterType(in: 0...Int.max) }
    static func parameterType(in bounds: ClosedRange<Int>) -> ParameterType {
      .either([.integer(bounds), .range, .list(.integer(bounds))])
    }
    init?(argument: BoundValue) {
      if let number = argument.integer {
        self = .batch(number)
      } else if let tiles = RangeOrList<Int>(argument: argument) {
        self = .tiles(tiles)
      } else {
        return nil
      }
    }
  }

  @Subject("A model, or its file.", orPath: ModelOpening.file) var model: ModelSource
  @Parameter("Files, and tiles as SLIDE:NUMBER or SLIDE:FIRST..<END.") var images: [Picture]?
  @Parameter(
    "Whose tiles.",
    implies: ImpliedParameter(
      StudyDataset.type, otherwise: "all tiles of the project at the model's tile size",
      where: \BatchCommand.usesTiles))
  var dataset: StudyDataset?
  @Parameter(
    "The project, where no dataset says it.", only: [.without(\BatchCommand.$dataset)],
    implies: ImpliedParameter(Study.type, otherwise: "none"))
  var project: Study?
  @Parameter("The number of a batch, from 0; or a range or list of the numbers of tiles.", in: 0...1_000_000_000)
  var index: Index?
  @Group var layers: LayerParameters
  @Group var logits: LogitParameters
  @Group var inference: InferenceParameters
  @Group var stain: ModelStainParameters
  @Group var reading: ModelReadingParameters

  /// False where pictures are files alone.
  private var usesTiles: Bool {
    index != nil || images?.contains { if case .tiles = $0 { true } else { false } } == true
  }

  func peek(_ input: PeekInput) -> KnownNames? {
    var known = KnownNames(model: $model.path, input, on: $dataset.names ?? $project.names)
    if layers.$layers.isGiven { known.widths["features"] = nil }
    return known
  }

  func run(_ invocation: Invocation) throws -> TableValue {
    let study = dataset?.study ?? project
    let opened = try model.opened(reading.asked, study: study, invocation)
    let network = try NetworkRun(opened, layers, logits, inference, stain)
    invocation.remarks.add(network.warnings)
    let batch = try PictureBatch.compute(
      network, request, dataset: dataset, study: study,
      basis: { used in used.map { invocation.basis(given: dataset, used: $0) } ?? invocation.basis },
      remarks: invocation.remarks, monitor: invocation.work)
    let excerpt = batch.excerpt
    let value = TableValue(
      whole: { batch.table }, shown: excerpt, shownRows: excerpt.rows.count, shape: batch.shape,
      names: network.model.knownNames)
    value.show(in: invocation.output)
    invocation.output.add(network.remarks)
    return value
  }

  private var request: PictureRequest {
    let index: PictureRequest.Index? =
      switch index {
      case nil: nil
      case .batch(let number)?: .batch(number, size: inference.batchSize ?? PictureRequest.defaultBatchSize)
      case .tiles(.range(let range))?: .range(range)
      case .tiles(.list(let list))?: .list(list)
      }
    return PictureRequest(images: images?.map(\.written) ?? [], index: index, usesTiles: usesTiles)
  }
}
