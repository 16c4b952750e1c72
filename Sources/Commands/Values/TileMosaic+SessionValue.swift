package import CommandLanguage
import Rendering
import Workflows

extension TileMosaic: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Mosaic"), phrase: "a mosaic", summary: "Tile images laid over a map.", coercesTo: [FeatureMap.type],
    members: ["map": FeatureMap.type],
    savedAs: fileExtensions)

  package var byteCount: Int { inline.bytes.count }
  package var isFromStore: Bool { map.isFromStore }
  package var knownNames: KnownNames { map.knownNames }
  package var memberNames: [String] { ["map"] }

  package func member(_ name: String) -> (any SessionValue)? { name == "map" ? map : nil }
  package func coerced(to type: ValueType) -> (any SessionValue)? { type == FeatureMap.type ? map : nil }

  package func show(in output: any OutputSink) {
    output.show(picture: inline, text: "Mosaic: \(shape). " + remarks.joined(separator: " "))
    for detail in map.details { output.note(detail) }
  }
}
