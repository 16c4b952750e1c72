/// Reads the wire format of protocol buffers, one field after the other, and trusts no length in it.
///
/// Source: the encoding guide of Protocol Buffers, "Message Structure".
package struct ProtobufReader {
  /// A field's value, by wire type; a range is of the bytes that the reader was made on.
  package enum Value {
    case varint(UInt64)
    case bytes(Range<Int>)
    /// Fixed-width numbers, which nothing here asks for.
    case skipped
  }

  /// Why a field cannot be read.
  package enum Fault: Error, Sendable, Equatable {
    /// A number, a wire type or a length is impossible at this byte.
    case malformed(byteOffset: Int)
    /// The field of a number ends behind the end of the message.
    case cutOff(byteOffset: Int, field: UInt64, end: Int)

    package var byteOffset: Int {
      switch self {
      case .malformed(let byteOffset), .cutOff(let byteOffset, _, _): byteOffset
      }
    }
  }

  /// A longer field is none that was cut off.
  private static let longestField = 1 << 40

  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int

  package init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  package init(_ bytes: UnsafeRawBufferPointer) { self.init(bytes, 0..<bytes.count) }

  package var isAtEnd: Bool { position >= end }

  /// The next field, or nil at the end.
  package mutating func nextField() throws(Fault) -> (number: UInt64, value: Value)? {
    guard position < end else { return nil }
    let start = position
    let tag = try varint()
    guard tag >> 3 != 0, tag <= UInt64(UInt32.max) else { throw .malformed(byteOffset: start) }
    switch tag & 7 {
    case 0: return (tag >> 3, .varint(try varint()))
    case 1: return (tag >> 3, try skip(8, field: tag >> 3))
    case 2:
      let count = try varint()
      guard count <= UInt64(end - position) else {
        guard count < Self.longestField else { throw .malformed(byteOffset: start) }
        throw .cutOff(byteOffset: start, field: tag >> 3, end: position + Int(count))
      }
      let range = position..<position + Int(count)
      position = range.upperBound
      return (tag >> 3, .bytes(range))
    case 5: return (tag >> 3, try skip(4, field: tag >> 3))
    default: throw .malformed(byteOffset: start)
    }
  }

  /// A number of at most ten bytes.
  package mutating func varint() throws(Fault) -> UInt64 {
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

  private mutating func skip(_ count: Int, field: UInt64) throws(Fault) -> Value {
    guard count <= end - position else { throw .cutOff(byteOffset: position, field: field, end: position + count) }
    position += count
    return .skipped
  }
}
