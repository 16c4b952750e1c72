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

  var table: DataTable {
    let layers = model.layers
    let rows: [[DataTable.Cell]] = layers.all.map { layer in
      let role =
        layer == layers.postconv ? "postconv" : layer == layers.logits?.layer ? "logits" : ""
      return [
        .text(layer.name), .text(layer.kind), .text(layer.shapeText), .text(role),
        .text(layer.aliases.joined(separator: ", ")),
      ]
    }
    return DataTable(
      columns: ["layer", "kind", "shape", "role", "also called"].map { DataTable.Column($0) }, rows: rows,
      caption: "Model \(model.path)")
  }

  func show(in output: any OutputSink) {
    let input = model.input
    let side = input.sidePixels.map { "\($0) × \($0) px" } ?? "tiles of any size"
    var lines = [
      "input: \(input.name), \(side)",
      "standardisation: \(choice.standardization.sentence), \(choice.reason)",
      model.layers.postconvReason,
      model.layers.logitsReason,
    ]
    if !classNames.isEmpty { lines.append("outcomes: " + classNames.joined(separator: ", ")) }
    let table = table
    output.show(
      RichOutput(
        text: lines.joined(separator: "\n") + "\n\n" + table.plainText(maximumRows: 40),
        html: "<p>" + lines.map { $0.escapedForHTML }.joined(separator: "<br>") + "</p>"
          + table.html(maximumRows: 40)))
  }
}

extension String {
  /// With the four characters that mean something in HTML written as entities.
  var escapedForHTML: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
