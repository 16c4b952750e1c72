import FeatureData
import Foundation
import Testing

@testable import FeatureStore

@Suite struct GridFileTests {
  @Test func `a grid has its places by rows and columns, and NaN and a mask where nothing was computed`() throws {
    let path = NSTemporaryDirectory() + "grid-\(UUID().uuidString).h5"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try GridFile(
      slide: "S-1", tiles: "299px_302um", rowCount: 2, columnCount: 3, tileSide: 604, stride: 302,
      layers: [StoredLayer(layer: "postconv", width: 1)],
      outputs: ModelOutputs([OutputHead(name: "y", meaning: .numbers, outputNames: ["a, b"])]), cells: [1, 5],
      values: Matrix(rowCount: 2, columnCount: 2, elements: [1, 2, 3, 4])
    ).write(to: path)
    let file = try HDF5File.open(path)
    let mask = try file.integers("mask")
    #expect(mask.shape == [2, 3])
    #expect(mask.values == [1, 0, 1, 1, 1, 0])
    #expect(throws: FeatureStoreError.notOfFormat(path: path, missing: "two-dimensional data set grid")) {
      try file.floats("grid")
    }
    let expected: [Float] = [.nan, .nan, 1, 2, .nan, .nan, .nan, .nan, .nan, .nan, 3, 4]
    let bytes = expected.withUnsafeBytes { Data($0) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).range(of: bytes) != nil)
    #expect(try file.textAttribute("format") == "tessera-grid")
    #expect(try file.integerAttribute("version") == 1)
    #expect(try file.textAttribute("layers") == #"[{"layer":"postconv","width":1}]"#)
    #expect(try file.textAttribute("classes") == #"["a, b"]"#)
    #expect(try file.textAttribute("outputs").contains(#""meaning":"numbers""#))
    #expect(try file.integerAttribute("stride") == 302)
  }

  // Written by `save` in version 1; nothing renews it.
  @Test func `a grid file of version 1 has what its format says`() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/grid-version-1.h5"
    let file = try HDF5File.open(path)
    #expect(try file.textAttribute("format") == "tessera-grid" && file.integerAttribute("version") == 1)
    #expect(try file.textAttribute("slide") == "DEMO-01" && file.textAttribute("tiles") == "16px_604um")
    #expect(try file.textAttribute("layers") == #"[{"layer":"postconv","width":12}]"#)
    #expect(try file.textAttribute("classes") == #"["0","1"]"#)
    let mask = try file.integers("mask")
    #expect(mask.shape == [9, 9] && mask.values.count { $0 == 0 } == 35)
  }
}
