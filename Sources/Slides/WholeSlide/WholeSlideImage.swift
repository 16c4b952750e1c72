import Synchronization

/// A whole-slide image, read through OpenSlide, or by what reads plain pictures; any thread may read it.
///
/// A region that cannot be read poisons the handle that read it. The slide then opens the file anew, so that a broken
/// region costs that region and nothing else.
package final class WholeSlideImage: Sendable {
  package let path: String
  /// The file's name without its extension; it may hold dots.
  package let name: String
  /// Such as "aperio"; OpenSlide's word for the format.
  package let vendor: String
  package let properties: [String: String]
  /// From the finest to the coarsest; there is at least one.
  package let levels: [SlideLevel]
  package let associatedImages: [AssociatedImage]
  /// True for a plain picture, of which nothing is read before it is unpacked whole.
  package let isUnpackedWhole: Bool
  private let handle: Mutex<any SlideSource>

  /// No side of a slide is longer, and none has more levels.
  static let maximumSide = 4_000_000
  private static let maximumLevelCount = 64

  package init(path: String) throws(SlideError) {
    let handle = try SlideSources.open(path)
    let levels = handle.levels
    guard !levels.isEmpty, levels.count <= Self.maximumLevelCount,
      levels.allSatisfy({
        (1...Self.maximumSide).contains($0.width) && (1...Self.maximumSide).contains($0.height)
          && $0.downsample.isFinite && $0.downsample >= 1
      })
    else {
      throw .impossibleSize(path: path, width: levels.first?.width ?? 0, height: levels.first?.height ?? 0)
    }
    self.path = path
    isUnpackedWhole = handle.isUnpackedWhole
    self.levels = levels
    name = Self.name(ofFile: path)
    var properties = handle.properties
    if properties["openslide.mpp-x"] == nil,
      let description = properties["tiff.ImageDescription"].flatMap(OMEDescription.init)
    {
      properties.merge(description.properties) { $1 }
    }
    self.properties = properties
    vendor = properties["openslide.vendor"] ?? "unknown"
    associatedImages = handle.associatedImages.filter {
      (1...Self.maximumAssociatedSide).contains($0.width) && (1...Self.maximumAssociatedSide).contains($0.height)
        && $0.width * $0.height <= Self.maximumAssociatedPixelCount
    }
    self.handle = Mutex(handle)
  }

  /// Level-0 pixels.
  package var width: Int { levels[0].width }
  package var height: Int { levels[0].height }

  /// The coarsest level that has at least the detail asked for: the last whose downsample is not above it.
  package func level(forDownsample downsample: Double) -> Int {
    levels.lastIndex { $0.downsample <= downsample } ?? 0
  }

  /// The coarsest level that has more than the detail asked for; the finest if none has.
  package func level(finerThanDownsample downsample: Double) -> Int {
    Self.level(of: levels, finerThanDownsample: downsample)
  }

  static func level(of levels: [SlideLevel], finerThanDownsample downsample: Double) -> Int {
    levels.lastIndex { $0.downsample < downsample } ?? 0
  }

  // MARK: Pixels

  /// Reads a region: premultiplied ARGB, native byte order. What lies outside the slide is clear.
  ///
  /// - Parameters:
  ///   - pixels: `height × width`, row-major.
  ///   - x: In level-0 pixels, as is `y`; width and height are in pixels of the level.
  /// - Throws: `SlideError.unreadableRegion`, after a second try with a handle of its own; `cannotOpen` or `notASlide` if the
  ///   file is not what it was.
  package func read(
    into pixels: UnsafeMutableBufferPointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError) {
    precondition(pixels.count >= width * height, "the region must fit")
    guard let base = pixels.baseAddress else { return }
    let shared = handle.withLock { $0 }
    do throws(SlideError) {
      return try shared.read(base, x: x, y: y, level: level, width: width, height: height)
    } catch {
      guard case .unreadableRegion = error else { throw error }
    }
    // Another thread may have poisoned it: what a handle that nobody else has cannot read cannot be read.
    let own = try SlideSources.open(path)
    try own.read(base, x: x, y: y, level: level, width: width, height: height)
    handle.withLock { if $0 === shared { $0 = own } }
  }

  /// A picture such as "label" or "macro".
  package func readAssociatedImage(_ name: String) throws(SlideError) -> SlidePixels {
    guard let image = associatedImages.first(where: { $0.name == name }) else {
      throw .noAssociatedImage(path: path, name: name, known: associatedImages.map(\.name))
    }
    let own = try SlideSources.open(path)
    return try SlidePixels(width: image.width, height: image.height) { buffer throws(SlideError) in
      if let base = buffer.baseAddress { try own.readAssociatedImage(name, into: base) }
    }
  }

  /// Above this an associated picture is not believed.
  private static let maximumAssociatedSide = 20_000
  private static let maximumAssociatedPixelCount = 40_000_000

  /// Of OpenSlide's or the format's properties; nil where it is none, or no number.
  func number(_ property: String) -> Double? {
    properties[property].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  /// What slideflow calls the slide: the file's name up to its last dot.
  package static func name(ofFile path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
    return String(file[..<dot])
  }
}
