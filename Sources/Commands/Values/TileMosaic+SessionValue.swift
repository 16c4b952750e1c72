package import CommandLanguage
import Rendering
import Workflows

extension TileMosaic: SessionValue {
  package var valueType: ValueType { .mosaic }
  package var byteCount: Int { inline.bytes.count }
  package var isFromStore: Bool { map.isFromStore }
  package var knownNames: KnownNames { map.knownNames }
  package var memberNames: [String] { ["map"] }

  package func member(_ name: String) -> (any SessionValue)? { name == "map" ? map : nil }
  package func coerced(to type: ValueType) -> (any SessionValue)? { type == .map ? map : nil }

  package func show(in output: any OutputSink) {
    output.show(picture: inline, text: "Mosaic: \(shape). " + remarks.joined(separator: " "))
  }
}
