import Glibc

/// Numbers as people read them: C's formats, in the C locale that a program starts in.
package enum NumberText {
  /// A fixed number of decimals: `0.50`.
  static func fixed(_ value: Double, decimals: Int) -> String {
    formatted("%.\(decimals)f", value)
  }

  /// So many significant digits, in powers of ten where the plain form would be long: `0.0123`, `1.23e-07`.
  static func significant(_ value: Double, digits: Int) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "\u{2212}∞" : "∞" }
    // Whole numbers that are merely longer than the digits asked for stay readable.
    if abs(value) < 1e6, abs(value) >= pow(10, Double(max(digits, 1))) { return fixed(value, decimals: 0) }
    return formatted("%#.\(max(digits, 1))g", value).trimmedPoint
  }

  /// A number in powers of ten, with the digits that tell it from others `step` away: `1.25e+06`.
  static func powerOfTen(_ value: Double, step: Double) -> String {
    let digits = Int((log10(abs(value)) + 1e-9).rounded(.down)) - Int((log10(step) + 1e-9).rounded(.down))
    return formatted("%.\(min(max(digits, 0), 15))e", value).replacing("-", with: "\u{2212}")
  }

  /// A number as it would be typed: `500`, `0.5`.
  static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  /// `< 1e-300` for what is too small to be held, otherwise three significant digits.
  package static func pValue(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value < 1e-300 { return "< 1e-300" }
    return value < 0.001 ? formatted("%.2e", value) : fixed(value, decimals: 4)
  }

  private static func formatted(_ format: String, _ value: Double) -> String {
    withVaList([value]) { arguments in
      // The longest, a fixed 1e308, has some 320 characters.
      let bytes = [CChar](unsafeUninitializedCapacity: 512) { buffer, written in
        written = min(Int(vsnprintf(buffer.baseAddress, buffer.count, format, arguments)), buffer.count - 1)
      }
      return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Digits in groups of three: `22,901`.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (offset, digit) in digits.enumerated() {
      if offset > 0, (digits.count - offset) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }
}

extension String {
  /// Without the point that `%#g` leaves after a whole number.
  fileprivate var trimmedPoint: String { hasSuffix(".") ? String(dropLast()) : self }
}
