package import CommandLanguage
import FeatureData
import Workflows

extension SelectedTiles: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Selection"), phrase: "a selection",
    summary: "Some of the tiles of features, and the rule that chose them.",
    standsFor: .column)

  package var shape: String { "\(tileCount.counted("tile")) of \(features.tileCount)" }
  package var valueIdentity: String? { identity }
  package var knownNames: KnownNames { features.knownNames }

  package func show(in output: any OutputSink) { output.note("\(shape): \(rule).") }
}
