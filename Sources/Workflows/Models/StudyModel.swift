import FeatureData
package import Inference
package import Rendering

/// A trained network and what is known about its outcomes.
package struct StudyModel: Sendable {
  /// With its outputs as they are read.
  package var model: Model { reading.model }
  /// With all that may be outcomes, as the file shows them.
  package let opened: Model
  /// Which outputs are outcomes, and what their numbers mean.
  package let reading: OutputReading
  /// How tiles become its input, and where that is known from.
  package let choice: StandardizationChoice
  /// How it was made of a network of torch; nil for a model file of its own.
  let conversion: Conversion?
  /// What was said about it when it was opened.
  let asked: ModelOpening.Asked
  /// What it was opened with without being named: "of project p".
  package var basis: String?

  package var identity: String {
    let path = PathResolution.unique(model.path)
    return [
      path, FileStamp.text(of: path), model.converted?.file ?? "", choice.standardization.identity,
      choice.parameters?.path ?? "no parameters",
      choice.parameters.map { FileStamp.text(of: $0.path) } ?? "", "\(reading.outputs)",
      model.layers.postconv?.name ?? "", model.input.sidePixels.map(String.init) ?? "any", "\(choice.resizing)",
      asked.registers.map(String.init) ?? "",
    ].joined(separator: "\n")
  }
  package var shape: String { "\(model.layers.all.count) layers" }
  /// Names of the outputs: those of params.json where they fit, otherwise numbers.
  package var classNames: [String] { reading.outputs.names }

  /// The first names, where there are too many to read.
  package static func inShort(_ classNames: [String]) -> String {
    classNames.count <= 12
      ? classNames.joined(separator: ", ")
      : classNames.prefix(3).joined(separator: ", ") + ", … \(classNames.last ?? "")"
  }

  /// All layers, the output first: what a person asks for lies near it.
  package var table: DataTable { table(all: true) }

  /// - Parameter all: every tensor; otherwise outputs, pooled vectors, fully connected layers, stages and blocks.
  package func table(all: Bool) -> DataTable {
    let layers = model.layers
    let listed = zip(layers.all, layers.parts).filter { !$0.0.isUncertainty }
    let chosen = listed.filter { all || $0.1 != nil }
    let rows: [[DataTable.Cell]] = chosen.reversed().map { layer, part in
      // The shortest is the one to type; the others are accepted too.
      let alias = layer.aliases.min { ($0.count, $0) < ($1.count, $1) } ?? ""
      let kind = layer.kind + (layer.tokens == nil ? "" : ", tokens")
      return [.text(layer.name), .text(alias), .text(kind), .text(layer.shapeText), .text(part?.rawValue ?? "")]
    }
    let others = listed.count - rows.count
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
    let logits = zip(layers.heads, reading.kept).map { head, layer in
      layer == head.layer ? role(layer, head.reason) : role(layer, "the output “\(head.name)”, as the model gives it.")
    }
    return [
      ("model", model.path.followed(by: basis)),
      ("network", conversion.map { "of torch, " + $0.sentence } ?? ""),
      (
        "input",
        "\(model.input.name), \(model.input.sideText)"
          + (model.input.takesIntegers ? "; whole numbers (\(model.input.elementType))" : "")
      ),
      ("standardisation", "\(choice.standardization.sentence), \(choice.reason)"),
      ("tokens", tokens),
      ("postconv", role(layers.postconv, layers.postconvReason)),
      ("logits", logits.isEmpty ? "none: no output is read as an outcome." : logits.joined(separator: " ")),
      ("layers", (conversion?.laterSentence).map { $0 + "." } ?? ""),
      ("outcomes", classNames.isEmpty ? "none" : reading.outputs.caption(Self.inShort)),
    ].filter { !$0.value.isEmpty }
  }

  /// What the tokens of the output, or else of the last layer, that has some are, and what becomes of them; empty without.
  private var tokens: String {
    let layers = zip(model.layers.all, model.layers.parts).filter { $0.0.tokens != nil }
    guard let layer = (layers.last { $1 == .output || $1 == .postconv } ?? layers.last)?.0, let tokens = layer.tokens
    else { return "" }
    let taken = (try? layer.pooled(by: nil))?.pooledPhrase.map {
      " (\(layer.name)); taken is \($0), unless pooling= says otherwise"
    }
    return tokens.phrase + (taken ?? "")
  }

  /// What the model is, a row for each fact.
  package var summary: DataTable {
    DataTable(
      columns: [DataTable.Column(""), DataTable.Column("")],
      rows: facts.map { [.text($0.name), .text($0.value.withShortPaths)] })
  }

  /// What was assumed of the outputs, and of a network of torch.
  package var remarks: [Remark] {
    let sentences = reading.remarks + (conversion?.network.remarks ?? [])
    return sentences.isEmpty ? [] : [.note(sentences.joined(separator: " "))]
  }

  /// What is likely to be wrong with how tiles become its input.
  package var warnings: [Remark] { choice.warnings.map { .warning($0.withShortPaths) } }

  /// What is done to tiles of another side than the network's: a sentence.
  func resizing(ofTilesOf side: Int) -> String? {
    choice.resizing.sentence(tileSide: side, networkSide: model.input.sidePixels ?? side)
  }
}

extension StudyModel: Tabular {}
