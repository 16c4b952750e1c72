/// Reads the wire format of protocol buffers, one field after the other, and trusts no length in it.
///
/// Source: the encoding guide of Protocol Buffers, "Message Structure".
struct ProtobufReader {
  /// A field's number and its value, by wire type; a range is of the bytes that the reader was made on.
  enum Value {
    case varint(UInt64)
    case bytes(Range<Int>)
    /// Fixed-width numbers, which no field of a tile example has.
    case skipped
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position >= end }

  /// The next field, or nil at the end.
  mutating func nextField() throws(ExampleFault) -> (number: UInt64, value: Value)? {
    guard position < end else { return nil }
    let start = position
    let tag = try varint()
    guard tag >> 3 != 0, tag <= UInt64(UInt32.max) else { throw .malformed(byteOffset: start) }
    switch tag & 7 {
    case 0: return (tag >> 3, .varint(try varint()))
    case 1: return (tag >> 3, try skip(8))
    case 2:
      let count = try varint()
      guard count <= UInt64(end - position) else { throw .malformed(byteOffset: start) }
      let range = position..<position + Int(count)
      position = range.upperBound
      return (tag >> 3, .bytes(range))
    case 5: return (tag >> 3, try skip(4))
    default: throw .malformed(byteOffset: start)
    }
  }

  /// A number of at most ten bytes.
  mutating func varint() throws(ExampleFault) -> UInt64 {
    let start = position
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 70 {
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw .malformed(byteOffset: start) }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw .malformed(byteOffset: start)
  }

  private mutating func skip(_ count: Int) throws(ExampleFault) -> Value {
    guard count <= end - position else { throw .malformed(byteOffset: position) }
    position += count
    return .skipped
  }
}
