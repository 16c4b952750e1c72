package import CommandLanguage
import Inference
import Rendering
import Workflows

extension StudyModel: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Model"), phrase: "a model", summary: "A trained network.", preposition: "with",
    savedAs: fileExtensions)

  package var valueIdentity: String? { identity }
  package var knownNames: KnownNames {
    KnownNames(names: [NameKind.layer.key: model.layers.names, NameKind.outcome.key: classNames])
  }

  package func show(in output: any OutputSink) { show(in: output, all: false) }

  /// - Parameter all: every tensor of the network.
  func show(in output: any OutputSink, all: Bool) {
    let table = table(all: all)
    let shownLayers = all ? table.rows.count : 60
    output.show(
      RichOutput(
        text: summary.plainText() + "\n\n" + table.plainText(maximumRows: shownLayers),
        html: summary.html() + table.html(maximumRows: shownLayers)))
    output.add(remarks + warnings)
  }
}

extension KnownNames {
  init(_ glance: ModelOpening.Glance) {
    self.init(names: [NameKind.layer.key: glance.layers])
    widths["logits"] = glance.logitCount
    widths["features"] = glance.featureCount
  }
}
