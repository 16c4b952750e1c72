package import CommandLanguage
import FeatureData
import Workflows

extension TileClusters: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Clusters"), phrase: "clusters", summary: "Tiles of features in clusters.", standsFor: .column,
    quantity: "cluster")

  package var shape: String { "\(names.count.counted("cluster")) of \(features.tileCount.counted("tile"))" }
  package var valueIdentity: String? { identity }
  package var knownNames: KnownNames { features.knownNames }

  package func show(in output: any OutputSink) { output.note(([shape + "."] + remarks).joined(separator: " ")) }
}
