import FeatureData
import Files

/// Where the parts of a tile's `tf.train.Example` lie in its bytes; nothing is copied.
///
/// An Example holds `features` (1), which holds map entries (1) of key (1) and Feature (2), which is a list of
/// bytes (1), floats (2) or int64 (3). Fields come in any order; of repeated ones the last counts.
struct TileExampleFields {
  private(set) var image: Range<Int>
  private(set) var slide: Range<Int>?
  private(set) var location: TileLocation?

  init(_ bytes: UnsafeRawBufferPointer) throws(ExampleFault) {
    var features: [String: Range<Int>] = [:]
    var example = ExampleReader(bytes, 0..<bytes.count)
    while let field = try example.nextField() {
      guard field.number == 1, case .bytes(let map) = field.value else { continue }
      var entries = ExampleReader(bytes, map)
      while let entry = try entries.nextField() {
        guard entry.number == 1, case .bytes(let range) = entry.value else { continue }
        let (key, feature) = try Self.entry(bytes, range)
        if let key { features[key] = feature }
      }
    }
    guard let imageFeature = features["image_raw"] else { throw .noImage }
    guard let image = try Self.firstBytes(bytes, imageFeature, of: "image_raw"), !image.isEmpty else { throw .noImage }
    self.image = image
    slide = try features["slide"].flatMap { range throws(ExampleFault) in
      try Self.firstBytes(bytes, range, of: "slide")
    }
    if let xFeature = features["loc_x"], let yFeature = features["loc_y"],
      let x = try Self.firstInteger(bytes, xFeature, of: "loc_x"),
      let y = try Self.firstInteger(bytes, yFeature, of: "loc_y")
    {
      location = TileLocation(x: x, y: y)
    }
  }

  /// Names of the features that matter; others are passed over without a string being made.
  private static let names = ["image_raw", "slide", "loc_x", "loc_y"]

  private static func entry(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(ExampleFault) -> (key: String?, feature: Range<Int>) {
    var key: String?
    var feature = range.upperBound..<range.upperBound
    var reader = ExampleReader(bytes, range)
    while let field = try reader.nextField() {
      guard case .bytes(let value) = field.value else { continue }
      if field.number == 1 { key = names.first { $0.utf8.elementsEqual(bytes[value]) } }
      if field.number == 2 { feature = value }
    }
    return (key, feature)
  }

  /// The first value of a feature's list of bytes; nil if the list is empty.
  private static func firstBytes(
    _ bytes: UnsafeRawBufferPointer, _ feature: Range<Int>, of name: String
  ) throws(ExampleFault) -> Range<Int>? {
    guard let list = try list(bytes, feature, kind: 1, of: name) else { return nil }
    var reader = ExampleReader(bytes, list)
    var first: Range<Int>?
    while let field = try reader.nextField() {
      if field.number == 1, case .bytes(let value) = field.value, first == nil { first = value }
    }
    return first
  }

  /// The first value of a feature's list of integers, packed or not; nil if the list is empty.
  private static func firstInteger(
    _ bytes: UnsafeRawBufferPointer, _ feature: Range<Int>, of name: String
  ) throws(ExampleFault) -> Int? {
    guard let list = try list(bytes, feature, kind: 3, of: name) else { return nil }
    var reader = ExampleReader(bytes, list)
    var first: Int?
    while let field = try reader.nextField() {
      guard field.number == 1, first == nil else { continue }
      switch field.value {
      case .varint(let value): first = Int(truncatingIfNeeded: value)
      case .bytes(let packed):
        var values = ExampleReader(bytes, packed)
        if !values.isAtEnd { first = Int(truncatingIfNeeded: try values.varint()) }
      case .skipped: throw .wrongType(feature: name)
      }
    }
    return first
  }

  /// The list of one kind in a Feature; nil for a Feature without any.
  private static func list(
    _ bytes: UnsafeRawBufferPointer, _ feature: Range<Int>, kind: UInt64, of name: String
  ) throws(ExampleFault) -> Range<Int>? {
    var found: (kind: UInt64, range: Range<Int>)?
    var reader = ExampleReader(bytes, feature)
    while let field = try reader.nextField() {
      if (1...3).contains(field.number), case .bytes(let range) = field.value { found = (field.number, range) }
    }
    guard let found else { return nil }
    guard found.kind == kind else { throw .wrongType(feature: name) }
    return found.range
  }
}

/// A reader whose faults are those of an example.
private struct ExampleReader {
  private var reader: ProtobufReader

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) { reader = ProtobufReader(bytes, range) }

  var isAtEnd: Bool { reader.isAtEnd }

  mutating func nextField() throws(ExampleFault) -> (number: UInt64, value: ProtobufReader.Value)? {
    do throws(ProtobufReader.Fault) { return try reader.nextField() } catch {
      throw .malformed(byteOffset: error.byteOffset)
    }
  }

  mutating func varint() throws(ExampleFault) -> UInt64 {
    do throws(ProtobufReader.Fault) { return try reader.varint() } catch {
      throw .malformed(byteOffset: error.byteOffset)
    }
  }
}
