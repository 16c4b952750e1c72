import FeatureData
import Files
import Foundation

/// slideflow's places of tiles: `SLIDE.index.npz` beside `SLIDE.pt`.
enum SlideflowIndex {
  static func path(besides bag: String) -> String {
    (bag.hasSuffix(".pt") ? String(bag.dropLast(3)) : bag) + ".index.npz"
  }

  /// The tiles' centres; nil where there is no such file.
  static func centres(besides bag: String, rowCount: Int) throws(BagError) -> [TileLocation]? {
    let path = path(besides: bag)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try centres(path, rowCount: rowCount)
  }

  static func centres(_ path: String, rowCount: Int) throws(BagError) -> [TileLocation] {
    let numbers: [Double]
    do throws(FileFault) {
      let archive = try NumPyArchive(path: path)
      let shape = try archive.header(of: "arr_0").shape
      guard shape.count == 2, shape[1] == 2 else {
        throw .unsupported(what: "its array has the shape \(shape), not (n, 2)")
      }
      guard shape[0] == rowCount else {
        throw .damaged(what: "it places \(shape[0]) tiles, and the bag beside it has \(rowCount)")
      }
      numbers = try archive.array("arr_0", maximumCount: 2 * rowCount).doubles
    } catch {
      throw BagError(error, path: path)
    }
    guard let centres = TilePlaces.locations(numbers) else {
      throw .damaged(path: path, what: "it places tiles where no slide reaches")
    }
    return centres
  }
}
