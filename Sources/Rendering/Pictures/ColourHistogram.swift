import Dispatch
import FeatureData
import Foundation
import Synchronization

/// How often the colours of a picture occur, in cells of 4 × 4 × 4 levels of red, green and blue.
struct ColourHistogram {
  /// A cell that has pixels.
  struct Entry: Sendable {
    /// `Colour.cell` of its colours.
    let cell: Int32
    let count: Int32
    /// The mean of its pixels' own colours, 0 to 255.
    let red: Float
    let green: Float
    let blue: Float
  }

  static let cellCount = 1 << 18

  /// By cell.
  let entries: [Entry]
  let pixelCount: Int

  /// - Parameter exact: Colours that are not counted.
  init(_ image: RGBImage, without exact: ExactColours) {
    let pixelCount = image.width * image.height
    let parts = PixelRange.parts(of: pixelCount)
    let counted = Mutex([SIMD4<Int32>]())
    DispatchQueue.concurrentPerform(iterations: parts.count) { number in
      let part = Self.cells(image.pixels, parts[number], without: exact)
      counted.withLock { cells in
        if cells.isEmpty { cells = part } else { for cell in cells.indices { cells[cell] &+= part[cell] } }
      }
    }
    let cells = counted.withLock { $0 }
    self.pixelCount = cells.reduce(0) { $0 + Int($1[0]) }
    entries = cells.indices.compactMap { cell in
      let sums = cells[cell]
      guard sums[0] > 0 else { return nil }
      let count = Float(sums[0])
      return Entry(
        cell: Int32(cell), count: sums[0], red: Float((cell >> 12) << 2) + Float(sums[1]) / count,
        green: Float(((cell >> 6) & 63) << 2) + Float(sums[2]) / count,
        blue: Float((cell & 63) << 2) + Float(sums[3]) / count)
    }
  }

  /// By cell, the count of pixels and the sums of their three channels, beside each other: one cache line a pixel.
  private static func cells(_ pixels: [UInt8], _ range: Range<Int>, without exact: ExactColours) -> [SIMD4<Int32>] {
    var cells = [SIMD4<Int32>](repeating: .zero, count: cellCount)
    cells.withUnsafeMutableBufferPointer { cells in
      pixels.withUnsafeBufferPointer { pixels in
        for place in stride(from: range.lowerBound * 3, to: range.upperBound * 3, by: 3) {
          let cell = Self.cell(pixels[place], pixels[place + 1], pixels[place + 2])
          if exact.index(red: pixels[place], green: pixels[place + 1], blue: pixels[place + 2], cell: cell) != nil {
            continue
          }
          // Sums of differences from the cell's corner stay small whatever the size of the picture.
          cells[cell] &+= SIMD4(
            1, Int32(pixels[place] & 3), Int32(pixels[place + 1] & 3), Int32(pixels[place + 2] & 3))
        }
      }
    }
    return cells
  }

  /// The upper six bits of each channel.
  @inline(__always)
  static func cell(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    Int(red >> 2) << 12 | Int(green >> 2) << 6 | Int(blue >> 2)
  }
}

/// Parts of a picture's pixels that are worked on beside each other.
enum PixelRange {
  /// Fewer pixels than this are not worth a thread.
  private static let least = 400_000

  /// As many as there are processors, or fewer.
  static func parts(of count: Int) -> [Range<Int>] {
    let number = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 8, count / least))
    return (0..<number).map { count * $0 / number..<count * ($0 + 1) / number }
  }
}

/// Colours that must stay as they are, found by a pixel's bytes.
struct ExactColours: Sendable {
  let colours: [Colour]
  /// By cell of the histogram: which group of colours lies in it, 0 for none.
  private let groupByCell: [UInt8]
  /// By group: its colours, and their indices.
  private let groups: [[(colour: Colour, index: UInt8)]]

  /// - Parameter colours: Each counts once; those after the `limit`th are left out.
  /// - Precondition: the limit is below 256.
  init(_ colours: [Colour], limit: Int) {
    var unique: [Colour] = []
    var groupByCell = [UInt8](repeating: 0, count: ColourHistogram.cellCount)
    var groups: [[(colour: Colour, index: UInt8)]] = [[]]
    for colour in colours where unique.count < limit && !unique.contains(colour) {
      let cell = ColourHistogram.cell(colour.red, colour.green, colour.blue)
      if groupByCell[cell] == 0 {
        groupByCell[cell] = UInt8(groups.count)
        groups.append([])
      }
      groups[Int(groupByCell[cell])].append((colour, UInt8(unique.count)))
      unique.append(colour)
    }
    self.colours = unique
    self.groupByCell = groupByCell
    self.groups = groups
  }

  @inline(__always)
  func index(red: UInt8, green: UInt8, blue: UInt8, cell: Int) -> UInt8? {
    let group = groupByCell[cell]
    if group == 0 { return nil }
    let colour = Colour(red: red, green: green, blue: blue)
    return groups[Int(group)].first { $0.colour == colour }?.index
  }
}
