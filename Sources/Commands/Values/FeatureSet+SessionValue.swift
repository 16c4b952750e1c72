package import CommandLanguage
import FeatureData
import Workflows

extension FeatureSet: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Features"), phrase: "features", summary: "Layer activations, logits and locations of every tile.",
    savedAs: fileExtensions)

  package var valueIdentity: String? { identity }
  package var isKept: Bool { true }

  package var knownNames: KnownNames {
    var known = study.derivedNames
    known.names[NameKind.slide.key] = slides.map(\.name)
    known.counts[NameKind.slide.key] = Dictionary(uniqueKeysWithValues: slides.map { ($0.name, $0.tileCount) })
    known.names[NameKind.outcome.key] = classNames
    known.names[NameKind.quantity.key] = quantityNames
    known.names[NameKind.layer.key] = layers.map(\.layer)
    known.widths = ["features": featureCount, "logits": logitCount]
    if hasUncertainty { known.widths["uncertainty"] = 1 }
    if study.hasRegions { known.widths["regions"] = 1 }
    for layer in layers { known.widths["features/" + layer.layer] = layer.columns.count }
    known.names[NameKind.truth.key] = outcomes.map { [$0.column] }
    known.know(tableColumns: ["slide", "tiles"], isJoined: true)
    known.settled = outcomes == nil ? [] : ["outcomes"]
    return known
  }

  package func show(in output: any OutputSink) {
    let table = table
    output.show(table: table, maximumRows: 20, more: table.more("table top"))
    output.add(remarks)
  }
}
