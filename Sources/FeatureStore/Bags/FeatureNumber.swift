import FeatureData

/// Numbers as tables of features have them.
enum FeatureNumber {
  /// nan for a blank field, as where NA stands there; nil for what is none.
  ///
  /// Exact for up to 15 digits and small powers of ten; other texts go through Swift's own conversion.
  static func value(_ field: ArraySlice<UInt8>, mayHaveDecimalComma: Bool = false) -> Double? {
    guard mayHaveDecimalComma, field.contains(0x2C), !field.contains(0x2E) else { return number(field) }
    return number(ArraySlice(field.map { $0 == 0x2C ? 0x2E : $0 }))
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Double? {
    var bytes = field
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    guard !bytes.isEmpty else { return .nan }
    return plain(bytes) ?? slow(bytes)
  }

  private static let powers: [Double] = (0...22).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  private static func plain(_ bytes: ArraySlice<UInt8>) -> Double? {
    var mantissa = 0
    var (digits, exponent) = (0, 0)
    var (isNegative, hasPoint) = (false, false)
    var index = bytes.startIndex
    if bytes[index] == 0x2D || bytes[index] == 0x2B {
      isNegative = bytes[index] == 0x2D
      index += 1
    }
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 0x2E, !hasPoint {
        hasPoint = true
      } else if byte >= 0x30, byte <= 0x39 {
        mantissa = mantissa * 10 + Int(byte - 0x30)
        digits += 1
        if hasPoint { exponent -= 1 }
        guard digits <= 15 else { return nil }
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    if index < bytes.endIndex {
      guard bytes[index] | 0x20 == 0x65, bytes.endIndex - index <= 4,
        let power = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self))
      else { return nil }
      exponent += power
    }
    guard abs(exponent) <= 22 else { return nil }
    let value = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    return isNegative ? -value : value
  }

  private static func slow(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 64 else { return nil }
    let written = String(decoding: bytes, as: UTF8.self)
    let text = written.lowercased()
    switch text {
    case _ where written.isBlankCell: return .nan
    case "nan", "na", "null", "none": return .nan
    case "inf", "+inf", "infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return bytes.allSatisfy { $0 < 0x80 && $0 | 0x20 != 0x78 } ? Double(text) : nil
    }
  }
}
