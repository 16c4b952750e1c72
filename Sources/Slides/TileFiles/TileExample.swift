package import FeatureData

/// One tile as a TFRecord holds it: a `tf.train.Example` with the picture's file, the slide's name and the location.
package struct TileExample: Sendable, Equatable {
  package var slide: String?
  /// A complete JPEG or PNG file.
  package var image: [UInt8]
  /// Absent in files of early slideflow versions.
  package var location: TileLocation?

  package init(slide: String?, image: [UInt8], location: TileLocation?) {
    self.slide = slide
    self.image = image
    self.location = location
  }

  /// - Throws: `ExampleFault` if the bytes are not an Example or hold no picture. Unknown fields are passed over.
  package init(parsing bytes: UnsafeRawBufferPointer) throws(ExampleFault) {
    let fields = try TileExampleFields(bytes)
    slide = fields.slide.map { String(decoding: bytes[$0], as: UTF8.self) }
    image = Array(bytes[fields.image])
    location = fields.location
  }

  /// The Example's bytes with the features in the order in which slideflow 3 writes them.
  package func encoded() -> [UInt8] {
    var entries = Self.entry("image_raw", list: 1, value: Self.field(1, image))
    if let slide { entries += Self.entry("slide", list: 1, value: Self.field(1, Array(slide.utf8))) }
    if let location {
      entries += Self.entry("loc_x", list: 3, value: Self.field(1, Self.varint(UInt64(bitPattern: Int64(location.x)))))
      entries += Self.entry("loc_y", list: 3, value: Self.field(1, Self.varint(UInt64(bitPattern: Int64(location.y)))))
    }
    return Self.field(1, entries)
  }

  private static func entry(_ key: String, list: UInt8, value: [UInt8]) -> [UInt8] {
    field(1, field(1, Array(key.utf8)) + field(2, field(list, value)))
  }

  private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + varint(UInt64(content.count)) + content
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }
}
