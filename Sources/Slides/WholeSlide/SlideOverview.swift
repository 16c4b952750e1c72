import CSIMDKernels
import Dispatch
package import FeatureData
import Foundation
import Synchronization

/// A small picture of a whole slide.
package struct SlideOverview: Sendable {
  package let image: RGBImage
  /// Level-0 pixels along a pixel of the picture.
  package let downsample: Double
  /// Pieces that could not be read and are white.
  package let unreadableCount: Int

  /// Above this many pixels of the level it would be made from, the thumbnail that comes with the slide is taken.
  private static let costlyPixelCount = 400_000_000
  private static let maximumPixelCount = 60_000_000
  /// Pieces of the level that are read at once, in pixels.
  private static let pieceSide = 1024

  /// - Parameter longestSide: of the picture, in pixels; a smaller slide is not enlarged.
  /// - Throws: `SlideError` if nothing can be read at all, `WorkInterrupted`.
  package init(_ slide: WholeSlideImage, longestSide: Int, monitor: any WorkMonitor = SilentMonitor()) throws {
    try self.init(slide, longestSide: longestSide, pieceSide: Self.pieceSide, monitor: monitor)
  }

  init(
    _ slide: WholeSlideImage, longestSide: Int, pieceSide: Int, monitor: any WorkMonitor = SilentMonitor()
  ) throws {
    let longest = max(slide.width, slide.height)
    let side = max(min(longestSide, longest), 1)
    let width = max(slide.width * side / longest, 1)
    let height = max(slide.height * side / longest, 1)
    downsample = Double(longest) / Double(side)
    let level = slide.level(forDownsample: downsample)
    let size = slide.levels[level]
    if size.width * size.height > Self.costlyPixelCount,
      let thumbnail = Self.thumbnail(of: slide, width: width, height: height)
    {
      image = thumbnail
      unreadableCount = 0
      return
    }
    do {
      let (reduced, unreadable) = try Self.reduced(
        slide, level: level, toWidth: width, toHeight: height, pieceSide: pieceSide, monitor)
      image = Self.resized(reduced, width: width, height: height)
      unreadableCount = unreadable
    } catch let error as SlideError {
      // Nothing of the level can be read.
      guard let thumbnail = Self.thumbnail(of: slide, width: width, height: height) else { throw error }
      image = thumbnail
      unreadableCount = 0
    }
  }

  /// The picture that the scanner made, where it has the slide's proportions.
  private static func thumbnail(of slide: WholeSlideImage, width: Int, height: Int) -> RGBImage? {
    guard let known = slide.associatedImages.first(where: { $0.name == "thumbnail" }),
      abs(Double(known.width) / Double(known.height) / (Double(width) / Double(height)) - 1) < 0.05,
      let pixels = try? slide.readAssociatedImage("thumbnail")
    else { return nil }
    return resized(pixels.image(), width: width, height: height)
  }

  private static func resized(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    if image.width == width, image.height == height { return image }
    return ImageScaling(fromWidth: image.width, fromHeight: image.height, toWidth: width, toHeight: height)
      .scaled(image)
  }

  /// The level averaged over squares of whole pixels, as small as it can be without being smaller than asked for.
  ///
  /// Read piece by piece, so that the memory taken does not grow with the slide.
  private static func reduced(
    _ slide: WholeSlideImage, level: Int, toWidth: Int, toHeight: Int, pieceSide: Int,
    _ monitor: any WorkMonitor
  ) throws -> (image: RGBImage, unreadableCount: Int) {
    let size = slide.levels[level]
    let factor = max(min(size.width / toWidth, size.height / toHeight), 1)
    let width = (size.width + factor - 1) / factor
    let height = (size.height + factor - 1) / factor
    // Where a level has not the slide's proportions, the reduced picture can be far larger than what was asked for.
    guard width * height <= maximumPixelCount else {
      throw SlideError.impossibleSize(path: slide.path, width: size.width, height: size.height)
    }
    let side = max(pieceSide / factor, 1) * factor
    let rows = (size.height + side - 1) / side
    let columns = (size.width + side - 1) / side
    let target = SharedPixels(bytes: .allocate(capacity: width * height * 3))
    target.bytes.initialize(repeating: 255)
    defer { target.bytes.deallocate() }
    let unreadable = Mutex((count: 0, error: nil as SlideError?))
    let next = Atomic<Int>(0)
    let stopped = Mutex<WorkInterrupted?>(nil)
    // More threads would not help the disk, and each takes a piece's memory.
    let workerCount = min(max(ProcessInfo.processInfo.activeProcessorCount, 1), 4)
    DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
      var reader = RegionReader(slide)
      let buffer = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: side * side)
      defer { buffer.deallocate() }
      var sums = [UInt32](repeating: 0, count: side * 4)
      while true {
        let piece = next.add(1, ordering: .relaxed).oldValue
        guard piece < rows * columns else { return }
        do throws(WorkInterrupted) { try monitor.checkInterrupted() } catch {
          stopped.withLock { $0 = error }
          return
        }
        monitor.report(phase: "reading the slide", unit: "pieces", done: piece, total: rows * columns)
        let left = piece % columns * side
        let top = piece / columns * side
        let pieceWidth = min(side, size.width - left)
        let pieceHeight = min(side, size.height - top)
        do throws(SlideError) {
          try reader.read(
            region: buffer, x: left, y: top, level: level, width: pieceWidth, height: pieceHeight)
        } catch {
          unreadable.withLock { $0 = ($0.count + 1, error) }
          continue
        }
        guard let source = buffer.baseAddress, let pixels = target.bytes.baseAddress else { return }
        simd_average_squares(
          source, Int64(pieceWidth), Int64(pieceHeight), Int64(factor), &sums,
          pixels + (top / factor * width + left / factor) * 3, Int64(width * 3))
      }
    }
    if let interruption = stopped.withLock({ $0 }) { throw interruption }
    let (count, error) = unreadable.withLock { $0 }
    if count == rows * columns, let error { throw error }
    return (RGBImage(width: width, height: height, pixels: Array(target.bytes)), count)
  }

  /// Where pieces write; no two of them write to the same pixel.
  private struct SharedPixels: @unchecked Sendable {
    let bytes: UnsafeMutableBufferPointer<UInt8>
  }
}

extension SlideOverview {
  /// The same with pixels of a size or a little more: means over squares of them. Itself where they are as large.
  package func coarsened(toMicrons microns: Double, micronsPerPixel: Double) -> SlideOverview {
    let factor = min(Int((microns / (micronsPerPixel * downsample)).rounded(.up)), image.width, image.height)
    guard factor > 1 else { return self }
    let (width, height) = (image.width / factor, image.height / factor)
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        var sums = SIMD3<Int>.zero
        for line in row * factor..<(row + 1) * factor {
          for place in column * factor..<(column + 1) * factor {
            let source = (line * image.width + place) * 3
            sums &+= SIMD3(Int(image.pixels[source]), Int(image.pixels[source + 1]), Int(image.pixels[source + 2]))
          }
        }
        for channel in 0..<3 {
          pixels[(row * width + column) * 3 + channel] = UInt8(sums[channel] / (factor * factor))
        }
      }
    }
    return SlideOverview(
      RGBImage(width: width, height: height, pixels: pixels), downsample: downsample * Double(factor))
  }

  private init(_ image: RGBImage, downsample: Double) {
    self.image = image
    self.downsample = downsample
    unreadableCount = 0
  }
}
