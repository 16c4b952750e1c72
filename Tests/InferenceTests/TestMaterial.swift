import Foundation
import OpenVINOEngine

@testable import Inference

/// Files that tests read.
enum TestMaterial {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// The small models of `Fixtures/make_models.py`.
  static func model(_ name: String) -> String { folder.appendingPathComponent("Fixtures/\(name).onnx").path }

  /// What ONNX Runtime makes of the tile below.
  static func expected(_ model: String, _ layer: String) throws -> [Double] {
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/expected.json"))
    let all = try JSONDecoder().decode([String: [String: [Double]]].self, from: data)
    return all[model]?[layer] ?? []
  }

  /// The same of all models in a folder of `Fixtures`, by name and output.
  static func expected(of folder: String) throws -> [String: [String: [Double]]] {
    let path = Self.folder.appendingPathComponent("Fixtures/\(folder)/expected.json")
    return try JSONDecoder().decode([String: [String: [Double]]].self, from: Data(contentsOf: path))
  }

  static let engines: [any InferenceEngine] = [OpenVINOEngine()]

  static let side = 16

  /// The tile of `make_models.py`; `shift` makes others like it.
  static func fill(_ pixels: UnsafeMutableBufferPointer<UInt8>, side: Int = TestMaterial.side, shift: Int = 0) {
    for y in 0..<side {
      for x in 0..<side {
        for c in 0..<3 {
          pixels[(y * side + x) * 3 + c] = UInt8((7 * y + 13 * x + 101 * c + 3 * y * x + shift) % 256)
        }
      }
    }
  }

  /// Writes bytes into a file of its own and gives its path to `body`.
  @discardableResult
  static func withFile<R>(_ data: Data, named name: String = "file", _ body: (String) throws -> R) throws -> R {
    try withFolder { folder in
      try data.write(to: URL(fileURLWithPath: folder + "/" + name))
      return try body(folder + "/" + name)
    }
  }

  /// Gives an empty folder of its own to `body`.
  @discardableResult static func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }
}

extension Model {
  static func open(_ path: String) throws(InferenceError) -> Model { try open(path, engines: TestMaterial.engines) }
}

/// ‖a − b‖ / ‖b‖.
func relativeError(_ a: some Sequence<Float>, _ b: [Double]) -> Double {
  let (difference, size) = zip(a, b).reduce(into: (0.0, 0.0)) { sums, pair in
    let gap = Double(pair.0) - pair.1
    sums.0 += gap * gap
    sums.1 += pair.1 * pair.1
  }
  return (difference / size).squareRoot()
}
