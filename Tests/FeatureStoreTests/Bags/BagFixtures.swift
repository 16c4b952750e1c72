import FeatureData
import FeatureStore
import Foundation
import Testing

/// Files that other programs' libraries wrote; `Fixtures/make_bags.py` makes them.
enum BagFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path

  static func path(_ name: String) -> String { folder + "/" + name }

  static func read(_ name: String, _ micronsPerPixel: Double? = nil) throws -> ForeignBag {
    let bags = try ForeignBag.read(path: path(name), micronsPerPixel: micronsPerPixel)
    return try #require(bags.count == 1 ? bags[0] : nil)
  }

  /// What nearly all of them hold.
  static let features = Matrix(rowCount: 5, columnCount: 4, elements: (0..<20).map { Float($0) / 8 })
  static let corners = (0..<5).map { TileLocation(x: 512 + 224 * ($0 % 3), y: 1024 + 224 * ($0 / 3)) }

  static func centres(_ extent: Int) -> [TileLocation] {
    corners.map { TileLocation(x: $0.x + extent / 2, y: $0.y + extent / 2) }
  }

  /// What reading throws.
  static func error(_ name: String) -> BagError? {
    do throws(BagError) {
      _ = try ForeignBag.read(path: path(name), micronsPerPixel: 0.5)
      return nil
    } catch {
      return error
    }
  }
}
