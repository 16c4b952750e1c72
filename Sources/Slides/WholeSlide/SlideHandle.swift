import COpenSlide
import CTIFF

/// One opening of a slide's file by OpenSlide.
///
/// `@unchecked Sendable`: OpenSlide's manual ("Overview", openslide.h) promises that all of its functions but
/// `openslide_close` may be called from several threads at once; closing happens when nobody holds the handle any more.
final class SlideHandle: SlideSource, @unchecked Sendable {
  private let slide: OpaquePointer
  private let path: String

  /// - Throws: `SlideError.notASlide` for a file that OpenSlide does not know, `.cannotOpen` for a broken one.
  init(path: String) throws(SlideError) {
    // OpenSlide reads TIFF files through libtiff, which prints its warnings.
    tiff_be_quiet()
    guard let slide = openslide_open(path) else { throw .notASlide(path: path) }
    self.slide = slide
    self.path = path
    if let reason = error { throw .cannotOpen(path: path, reason: reason) }
  }

  deinit { openslide_close(slide) }

  /// What has gone wrong with this handle; after that it answers nothing but errors.
  private var error: String? { openslide_get_error(slide).map { String(cString: $0) } }

  var levels: [SlideLevel] {
    (0..<max(openslide_get_level_count(slide), 0)).map { level in
      var width: Int64 = 0
      var height: Int64 = 0
      openslide_get_level_dimensions(slide, level, &width, &height)
      return SlideLevel(
        width: Int(width), height: Int(height), downsample: openslide_get_level_downsample(slide, level))
    }
  }

  var properties: [String: String] {
    var properties: [String: String] = [:]
    for name in Self.strings(openslide_get_property_names(slide)) {
      properties[name] = openslide_get_property_value(slide, name).map { String(cString: $0) }
    }
    return properties
  }

  /// The label, the macro picture and the like, sorted by name.
  var associatedImages: [AssociatedImage] {
    Self.strings(openslide_get_associated_image_names(slide)).sorted().map { name in
      var width: Int64 = 0
      var height: Int64 = 0
      openslide_get_associated_image_dimensions(slide, name, &width, &height)
      return AssociatedImage(name: name, width: Int(width), height: Int(height))
    }
  }

  /// Premultiplied ARGB, native byte order; x and y in level-0 pixels, width and height in the level's.
  func read(
    _ pixels: UnsafeMutablePointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError) {
    openslide_read_region(slide, pixels, Int64(x), Int64(y), Int32(level), Int64(width), Int64(height))
    if let error { throw .unreadableRegion(path: path, x: x, y: y, level: level, reason: error) }
  }

  func readAssociatedImage(_ name: String, into pixels: UnsafeMutablePointer<UInt32>) throws(SlideError) {
    openslide_read_associated_image(slide, name, pixels)
    if let error { throw .unreadableAssociatedImage(path: path, name: name, reason: error) }
  }

  /// A list of C strings that ends with a null pointer.
  private static func strings(_ list: UnsafePointer<UnsafePointer<CChar>?>?) -> [String] {
    guard var next = list else { return [] }
    var strings: [String] = []
    while let string = next.pointee {
      strings.append(String(cString: string))
      next += 1
    }
    return strings
  }
}

/// One resolution of a slide.
package struct SlideLevel: Sendable, Equatable, Codable {
  /// Pixels.
  package let width: Int
  package let height: Int
  /// Level-0 pixels along a pixel of this level.
  package let downsample: Double

  package init(width: Int, height: Int, downsample: Double) {
    self.width = width
    self.height = height
    self.downsample = downsample
  }
}

/// A picture that comes with a slide, such as its label.
package struct AssociatedImage: Sendable, Equatable, Codable {
  package let name: String
  package let width: Int
  package let height: Int
}
