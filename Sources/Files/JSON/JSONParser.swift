/// A recursive-descent JSON parser over bytes that outlive it.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0
  private let takesPythonNumbers: Bool

  /// - Parameter takesPythonNumbers: reads `NaN`, `Infinity` and `-Infinity`, which Python's writer puts into JSON.
  init(bytes: UnsafeBufferPointer<UInt8>, takesPythonNumbers: Bool) {
    self.bytes = bytes
    self.takesPythonNumbers = takesPythonNumbers
  }

  mutating func document() throws(JSONFault) -> JSONValue {
    let value = try value()
    skipWhiteSpace()
    if position != bytes.count { throw fault(.trailingBytes) }
    return value
  }

  private mutating func value() throws(JSONFault) -> JSONValue {
    skipWhiteSpace()
    switch try peek() {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "N") where takesPythonNumbers: return try literal("NaN", .number(.nan))
    case UInt8(ascii: "I") where takesPythonNumbers: return try literal("Infinity", .number(.infinity))
    default: return try number()
    }
  }

  private mutating func object() throws(JSONFault) -> JSONValue {
    try descend()
    var members: [String: JSONValue] = [:]
    skipWhiteSpace()
    if try peek() == UInt8(ascii: "}") {
      ascend()
      return .object(members)
    }
    while true {
      skipWhiteSpace()
      let key = try string()
      skipWhiteSpace()
      try expect(UInt8(ascii: ":"))
      members[key] = try value()
      skipWhiteSpace()
      switch try peek() {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "}"):
        ascend()
        return .object(members)
      default: throw fault(.unexpectedByte)
      }
    }
  }

  private mutating func array() throws(JSONFault) -> JSONValue {
    try descend()
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if try peek() == UInt8(ascii: "]") {
      ascend()
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipWhiteSpace()
      switch try peek() {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "]"):
        ascend()
        return .array(elements)
      default: throw fault(.unexpectedByte)
      }
    }
  }

  private mutating func string() throws(JSONFault) -> String {
    try expect(UInt8(ascii: "\""))
    let start = position
    var hasEscape = false
    while true {
      let byte = try peek()
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { throw fault(.unexpectedByte) }
      if byte == UInt8(ascii: "\\") {
        hasEscape = true
        position += 1
        _ = try peek()
      }
      position += 1
    }
    let body = UnsafeBufferPointer(rebasing: bytes[start..<position])
    position += 1
    guard hasEscape else { return try text(body, at: start) }
    let unescaped = try unescape(body, at: start)
    return try unescaped.withUnsafeBufferPointer { buffer throws(JSONFault) in try text(buffer, at: start) }
  }

  private func text(_ body: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONFault) -> String {
    guard let text = String(validating: body, as: UTF8.self) else {
      throw JSONFault(reason: .invalidUTF8, offset: start)
    }
    return text
  }

  private func unescape(_ body: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONFault) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var index = 0
    while index < body.count {
      guard body[index] == UInt8(ascii: "\\") else {
        result.append(body[index])
        index += 1
        continue
      }
      index += 2
      switch body[index - 1] {
      case UInt8(ascii: "\""): result.append(UInt8(ascii: "\""))
      case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "/"): result.append(UInt8(ascii: "/"))
      case UInt8(ascii: "b"): result.append(8)
      case UInt8(ascii: "f"): result.append(12)
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "u"):
        guard var code = hexadecimal(body, index) else {
          throw JSONFault(reason: .invalidEscape, offset: start + index)
        }
        index += 4
        let isHighSurrogate = (0xD800..<0xDC00).contains(code)
        if isHighSurrogate, index + 6 <= body.count, body[index] == UInt8(ascii: "\\"),
          body[index + 1] == UInt8(ascii: "u"), let low = hexadecimal(body, index + 2), (0xDC00..<0xE000).contains(low)
        {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
          index += 6
        }
        // A lone surrogate is legal JSON but no text: it becomes U+FFFD.
        result.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
      default: throw JSONFault(reason: .invalidEscape, offset: start + index - 1)
      }
    }
    return result
  }

  private func hexadecimal(_ body: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32? {
    guard index + 4 <= body.count else { return nil }
    var code: UInt32 = 0
    for byte in body[index..<index + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = position
    var isInteger = true
    if try peek() == UInt8(ascii: "-") {
      position += 1
      if takesPythonNumbers, try peek() == UInt8(ascii: "I") { return try literal("Infinity", .number(-.infinity)) }
    }
    let firstDigit = position
    guard skipDigits() > 0 else {
      throw JSONFault(reason: start == position ? .unexpectedByte : .invalidNumber, offset: start)
    }
    if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
      throw JSONFault(reason: .invalidNumber, offset: start)
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard skipDigits() > 0 else { throw fault(.invalidNumber) }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) { position += 1 }
      guard skipDigits() > 0 else { throw fault(.invalidNumber) }
    }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let integer = Int(digits) { return .integer(integer) }
    guard let number = Double(digits) else { throw JSONFault(reason: .invalidNumber, offset: start) }
    return .number(number)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
    for offset in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[offset]) }
    return value
  }

  private mutating func skipWhiteSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func peek() throws(JSONFault) -> UInt8 {
    if position >= bytes.count { throw fault(.unexpectedEnd) }
    return bytes[position]
  }

  private mutating func expect(_ byte: UInt8) throws(JSONFault) {
    if try peek() != byte { throw fault(.unexpectedByte) }
    position += 1
  }

  private mutating func descend() throws(JSONFault) {
    depth += 1
    if depth > JSONValue.maximumDepth { throw fault(.tooDeep) }
    position += 1
  }

  private mutating func ascend() {
    depth -= 1
    position += 1
  }

  private func fault(_ reason: JSONFault.Reason) -> JSONFault { JSONFault(reason: reason, offset: position) }
}
