import CommandLanguage
import FeatureData
import Rendering

/// Tile images laid over a map.
struct MosaicValue: SessionValue {
  let map: MapValue
  let picture: MosaicPicture
  let grid: MosaicGrid
  /// Pixels of a cell in the full picture.
  let cellPixels: Int
  /// Which points were laid out, and what was left out.
  let remarks: [String]
  /// The picture as it is shown in a cell.
  let inline: EncodedPicture
  let drawnTileCount: Int

  var valueType: ValueType { .mosaic }
  var shape: String { "\(grid.columnCount) × \(grid.rowCount) cells, \(drawnTileCount) tiles" }
  var byteCount: Int { inline.bytes.count }
  var isFromStore: Bool { map.isFromStore }
  var knownNames: KnownNames { map.knownNames }
  var memberNames: [String] { ["map"] }

  func member(_ name: String) -> (any SessionValue)? { name == "map" ? map : nil }
  func coerced(to type: ValueType) -> (any SessionValue)? { type == .map ? map : nil }

  func show(in output: any OutputSink) {
    output.show(picture: inline, text: "Mosaic: \(shape). " + remarks.joined(separator: " "))
  }
}
