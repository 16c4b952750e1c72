/// The fields of one message in the wire format of protocol buffers, looked up by their numbers. A message that is cut off
/// or malformed has those fields that lie before the fault.
package struct ProtobufMessage {
  private let bytes: UnsafeRawBufferPointer

  /// - Parameter bytes: to be valid for as long as the message is used.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Calls with the bytes of each field of that number, in their order.
  package func forEach(_ number: UInt64, _ body: (UnsafeRawBufferPointer) -> Void) {
    var reader = ProtobufReader(bytes)
    while let field = try? reader.nextField() {
      if field.number == number, case .bytes(let range) = field.value {
        body(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    }
  }

  /// Calls with each message below a chain of fields: `[7, 1]` for the messages of number 1 in those of number 7.
  package func forEach(_ path: [UInt64], _ body: (ProtobufMessage) -> Void) {
    guard let first = path.first else { return body(self) }
    forEach(first) { ProtobufMessage($0).forEach(Array(path.dropFirst()), body) }
  }

  /// The last text of that number.
  package func text(_ number: UInt64) -> String? {
    var text: String?
    forEach(number) { text = String(decoding: $0, as: UTF8.self) }
    return text
  }

  /// The numbers of one field, also where they are packed into one.
  package func numbers(_ number: UInt64) -> [UInt64] {
    var numbers: [UInt64] = []
    var reader = ProtobufReader(bytes)
    while let field = try? reader.nextField() {
      guard field.number == number else { continue }
      switch field.value {
      case .varint(let value): numbers.append(value)
      case .bytes(let range):
        var packed = ProtobufReader(bytes, range)
        while !packed.isAtEnd, let value = try? packed.varint() { numbers.append(value) }
      case .skipped: break
      }
    }
    return numbers
  }
}
