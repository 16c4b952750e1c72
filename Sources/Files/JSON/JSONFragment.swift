import COpenSSL

/// A finished piece of JSON text, ready to be put into a larger one without being looked at again.
///
/// Output is assembled from fragments so that a picture's base64 is written once and then only copied.
public struct JSONFragment: Sendable, Equatable {
  /// UTF-8.
  public let bytes: [UInt8]

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Takes bytes that are JSON already, such as a header received from a front end.
  public init(verbatim bytes: [UInt8]) { self.bytes = bytes }

  public static let null = JSONFragment(verbatim: Array("null".utf8))
  public static let emptyObject = JSONFragment(verbatim: Array("{}".utf8))

  public static func bool(_ value: Bool) -> JSONFragment {
    JSONFragment(verbatim: Array((value ? "true" : "false").utf8))
  }

  public static func integer(_ value: Int) -> JSONFragment {
    JSONFragment(verbatim: Array(String(value).utf8))
  }

  /// A number; what JSON cannot say (not a number, infinity) becomes `null`.
  public static func number(_ value: Double) -> JSONFragment {
    value.isFinite ? JSONFragment(verbatim: Array(value.description.utf8)) : .null
  }

  public static func string(_ text: String) -> JSONFragment {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return JSONFragment(verbatim: bytes)
  }

  public static func array(_ elements: [JSONFragment]) -> JSONFragment {
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    bytes.reserveCapacity(elements.reduce(2) { $0 + $1.bytes.count + 1 })
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: element.bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return JSONFragment(verbatim: bytes)
  }

  /// An object whose members keep the order given.
  public static func object(_ members: [(String, JSONFragment)]) -> JSONFragment {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    bytes.reserveCapacity(members.reduce(2) { $0 + $1.0.utf8.count + $1.1.bytes.count + 4 })
    for (index, (name, value)) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(contentsOf: value.bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    return JSONFragment(verbatim: bytes)
  }

  /// `data` as a string in base64 (RFC 4648), whose alphabet needs no escape.
  public static func base64(_ data: [UInt8]) -> JSONFragment {
    // EVP_EncodeBlock counts in `int`, so very large data goes in pieces of whole triples.
    let piece = 3 << 24
    let capacity = (data.count + 2) / 3 * 4 + 3
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, written in
      buffer[0] = UInt8(ascii: "\"")
      written = 1
      data.withUnsafeBufferPointer { source in
        var start = 0
        while start < source.count, let input = source.baseAddress, let output = buffer.baseAddress {
          let count = min(piece, source.count - start)
          written += Int(EVP_EncodeBlock(output + written, input + start, Int32(count)))
          start += count
        }
      }
      buffer[written] = UInt8(ascii: "\"")
      written += 1
    }
    return JSONFragment(verbatim: bytes)
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { source in
      bytes.reserveCapacity(bytes.count + source.count + 2)
      bytes.append(UInt8(ascii: "\""))
      var runStart = 0
      for index in source.indices {
        let byte = source[index]
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes.append(contentsOf: source[runStart..<index])
        appendEscape(byte, to: &bytes)
        runStart = index + 1
      }
      bytes.append(contentsOf: source[runStart...])
      bytes.append(UInt8(ascii: "\""))
    }
  }

  private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
      bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    default: bytes.append(byte)
    }
  }
}
