import FeatureData
import Files
import Foundation

/// slideflow's places of tiles: `SLIDE.index.npz` beside `SLIDE.pt`.
enum SlideflowIndex {
  private static let maximumRowCount = 1 << 25

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
    let array: NumPyArray
    do throws(FileFault) {
      array = try NumPyArchive(path: path).array("arr_0", maximumCount: maximumRowCount * 2)
    } catch {
      throw BagError(error, path: path)
    }
    guard array.shape.count == 2, array.shape[1] == 2 else {
      throw .unsupported(path: path, what: "its array has the shape \(array.shape), not (n, 2)")
    }
    guard array.shape[0] == rowCount else {
      throw .damaged(path: path, what: "it places \(array.shape[0]) tiles, and the bag beside it has \(rowCount)")
    }
    guard let centres = TilePlaces.locations(array.doubles) else {
      throw .damaged(path: path, what: "it places tiles where no slide reaches")
    }
    return centres
  }
}
