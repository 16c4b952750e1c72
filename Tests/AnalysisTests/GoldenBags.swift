import FeatureData
import Foundation
import GoldenData

/// The activations that slideflow computed for its golden project, where the shared data is at hand.
enum GoldenBags {
  private static let folder = URL(filePath: SharedData.golden + "/out")

  static let slides = SharedData.goldenSlides
  /// Even slides are positive.
  static func category(_ slide: Int) -> String { slide.isMultiple(of: 2) ? "positive" : "negative" }

  /// tiles × 512.
  static func activations(_ slide: Int) throws -> Matrix {
    let data = try Data(contentsOf: folder.appendingPathComponent("bags/\(slides[slide]).pt"))
    guard let bytes = StoredArchive(data).member(endingWith: "/data/0") else { throw CocoaError(.fileReadCorruptFile) }
    let values = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { Float(bitPattern: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
    return Matrix(rowCount: values.count / 512, columnCount: 512, elements: values)
  }

  /// Every 16th of them, those that `scipy.json` has statistics of: tiles × 32.
  static func keptActivations(_ slide: Int) throws -> Matrix {
    let data = try Data(contentsOf: URL(filePath: GoldenData.folder + "/activations.f32"))
    let rowBytes = 32 * 4
    let values = data.withUnsafeBytes { raw in
      (0..<60 * 32).map {
        Float(bitPattern: raw.loadUnaligned(fromByteOffset: slide * 60 * rowBytes + 4 * $0, as: UInt32.self))
      }
    }
    return Matrix(rowCount: 60, columnCount: 32, elements: values)
  }

  static func all() throws -> Matrix {
    var elements: [Float] = []
    for slide in slides.indices { elements += try activations(slide).elements }
    return Matrix(rowCount: elements.count / 512, columnCount: 512, elements: elements)
  }

  static func lines(_ text: String) -> [[String]] {
    text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }
}

/// Reads members that a zip archive holds uncompressed.
private struct StoredArchive {
  private let bytes: [UInt8]

  init(_ data: Data) { bytes = [UInt8](data) }

  private func number(_ place: Int, _ width: Int) -> Int {
    (0..<width).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  /// nil if there is none, or if it is compressed.
  func member(endingWith suffix: String) -> [UInt8]? {
    // The end record is 22 bytes long when there is no comment.
    var entry = number(bytes.count - 22 + 16, 4)
    for _ in 0..<number(bytes.count - 22 + 10, 2) {
      let nameLength = number(entry + 28, 2)
      let name = String(decoding: bytes[entry + 46..<entry + 46 + nameLength], as: UTF8.self)
      if name.hasSuffix(suffix) && number(entry + 10, 2) == 0 {
        let local = number(entry + 42, 4)
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
        return Array(bytes[start..<start + number(entry + 24, 4)])
      }
      entry += 46 + nameLength + number(entry + 30, 2) + number(entry + 32, 2)
    }
    return nil
  }
}
