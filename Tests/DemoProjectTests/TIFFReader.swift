import FeatureData
import Foundation
import Slides

/// As much of a reader of little-endian TIFFs as the tests need.
struct TIFFReader {
  /// One picture's tags: numbers, or a text.
  struct Directory {
    var numbers: [Int: [Int]] = [:]
    var description = ""

    var width: Int { numbers[256]?.first ?? 0 }
    var height: Int { numbers[257]?.first ?? 0 }
    var tileSide: Int? { numbers[322]?.first }
    var pieceOffsets: [Int] { numbers[324] ?? numbers[273] ?? [] }
    var pieceByteCounts: [Int] { numbers[325] ?? numbers[279] ?? [] }
  }

  struct NotATIFF: Error {}

  let directories: [Directory]
  private let bytes: [UInt8]

  init(path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    func number(_ offset: Int, _ byteCount: Int) -> Int {
      (0..<byteCount).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    guard bytes.starts(with: [0x49, 0x49, 42, 0]) else { throw NotATIFF() }
    var directories: [Directory] = []
    var start = number(4, 4)
    while start != 0 {
      var directory = Directory()
      let count = number(start, 2)
      for entry in 0..<count {
        let place = start + 2 + 12 * entry
        let (tag, type, valueCount) = (number(place, 2), number(place + 2, 2), number(place + 4, 4))
        let size = [2: 1, 3: 2, 4: 4, 16: 8][type] ?? 1
        let values = size * valueCount <= 4 ? place + 8 : number(place + 8, 4)
        if tag == 270 {
          directory.description = String(decoding: bytes[values..<values + valueCount - 1], as: UTF8.self)
        } else if [3, 4, 16].contains(type) {
          directory.numbers[tag] = (0..<valueCount).map { number(values + $0 * size, size) }
        }
      }
      directories.append(directory)
      start = number(start + 2 + 12 * count, 4)
    }
    self.directories = directories
    self.bytes = bytes
  }

  /// A picture put together from its pieces.
  func image(_ directory: Directory) throws -> RGBImage {
    var pixels = [UInt8](repeating: 0, count: directory.width * directory.height * 3)
    let pieceWidth = directory.tileSide ?? directory.width
    let pieceHeight = directory.tileSide ?? directory.height
    let columnCount = (directory.width + pieceWidth - 1) / pieceWidth
    for (index, offset) in directory.pieceOffsets.enumerated() {
      let piece = try bytes[offset..<offset + directory.pieceByteCounts[index]].withUnsafeBytes {
        try TileDecoder().decode($0)
      }
      guard piece.width == pieceWidth, piece.height == pieceHeight else { throw NotATIFF() }
      let (left, top) = (index % columnCount * pieceWidth, index / columnCount * pieceHeight)
      let length = min(pieceWidth, directory.width - left) * 3
      for row in 0..<min(pieceHeight, directory.height - top) {
        let target = ((top + row) * directory.width + left) * 3
        let source = row * pieceWidth * 3
        pixels.replaceSubrange(target..<target + length, with: piece.pixels[source..<source + length])
      }
    }
    return RGBImage(width: directory.width, height: directory.height, pixels: pixels)
  }
}

extension RGBImage {
  /// A part of the picture, averaged over squares of `step` pixels.
  func averaged(x: Int, y: Int, side: Int, step: Int) -> RGBImage {
    var averages: [UInt8] = []
    for row in 0..<side {
      for column in 0..<side {
        for channel in 0..<3 {
          var sum = 0
          for place in 0..<step * step {
            let (down, across) = (y + row * step + place / step, x + column * step + place % step)
            sum += Int(pixels[(down * width + across) * 3 + channel])
          }
          averages.append(UInt8((sum + step * step / 2) / (step * step)))
        }
      }
    }
    return RGBImage(width: side, height: side, pixels: averages)
  }

  /// The mean of the absolute differences, in grey levels.
  func difference(from other: RGBImage) -> Double {
    zip(pixels, other.pixels).reduce(0.0) { $0 + Double(abs(Int($1.0) - Int($1.1))) } / Double(pixels.count)
  }
}
