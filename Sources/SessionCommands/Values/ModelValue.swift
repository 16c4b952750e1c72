import CommandLanguage
import Inference
import Rendering

/// A trained network and what is known about its outcomes.
struct ModelValue: SessionValue {
  let model: Model
  /// How tiles become its input, and where that is known from.
  let choice: StandardizationChoice
  let names: KnownNames

  var valueType: ValueType { .model }
  var shape: String { "\(model.layers.all.count) layers" }
  var knownNames: KnownNames {
    var known = names
    known.names[NameKind.layer.key] = model.layers.names
    known.names[NameKind.outcome.key] = classNames
    return known
  }

  /// Names of the logits: those of params.json when their number fits, otherwise numbers.
  var classNames: [String] {
    let count = model.layers.logits?.layer.width ?? 0
    let names = choice.parameters?.outcomeLabels ?? []
    return names.count == count ? names : (0..<count).map(String.init)
  }

  /// The first names, where there are too many to read.
  static func inShort(_ classNames: [String]) -> String {
    classNames.count <= 12
      ? classNames.joined(separator: ", ")
      : classNames.prefix(3).joined(separator: ", ") + ", … \(classNames.last ?? "")"
  }

  /// All layers, the output first: what a person asks for lies near it.
  var table: DataTable { table(all: true) }

  /// - Parameter all: every tensor; otherwise outputs, pooled vectors, fully connected layers, stages and blocks.
  private func table(all: Bool) -> DataTable {
    let layers = model.layers
    let chosen = zip(layers.all, layers.parts).filter { all || $0.1 != nil }
    let rows: [[DataTable.Cell]] = chosen.reversed().map { layer, part in
      // The shortest is the one to type; the others are accepted too.
      let alias = layer.aliases.min { ($0.count, $0) < ($1.count, $1) } ?? ""
      return [.text(layer.name), .text(alias), .text(layer.kind), .text(layer.shapeText), .text(part?.rawValue ?? "")]
    }
    let others = layers.all.count - rows.count
    return DataTable(
      columns: ["layer", "in short", "kind", "shape", "role"].map { DataTable.Column($0) }, rows: rows,
      caption: "Layers, from the output back"
        + (others == 0 ? "" : "; `model` with all=true lists \(others.counted("other tensor")) too"))
  }

  /// What the model is, a line each: name and value.
  private var facts: [(name: String, value: String)] {
    let layers = model.layers
    func role(_ layer: Layer?, _ reason: String) -> String {
      (layer.map { "\($0.name), \($0.shapeText): " } ?? "") + reason
    }
    return [
      ("model", model.path),
      ("input", "\(model.input.name), " + (model.input.sidePixels.map { "\($0) × \($0) px" } ?? "tiles of any size")),
      ("standardisation", "\(choice.standardization.sentence), \(choice.reason)"),
      ("postconv", role(layers.postconv, layers.postconvReason)),
      ("logits", role(layers.logits?.layer, layers.logitsReason)),
      ("outcomes", classNames.isEmpty ? "none" : Self.inShort(classNames)),
    ]
  }

  func show(in output: any OutputSink) { show(in: output, all: false) }

  func show(in output: any OutputSink, all: Bool) {
    let table = table(all: all)
    let shownLayers = all ? table.rows.count : 60
    let summary = DataTable(
      columns: [DataTable.Column(""), DataTable.Column("")],
      rows: facts.map { [.text($0.name), .text($0.value.withShortPaths)] })
    output.show(
      RichOutput(
        text: summary.plainText() + "\n\n" + table.plainText(maximumRows: shownLayers),
        html: summary.html() + table.html(maximumRows: shownLayers)))
  }
}
