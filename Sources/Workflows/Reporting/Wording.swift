import Foundation

extension Int {
  /// "1 slide", "12 slides".
  package func counted(_ noun: String) -> String { "\(self) \(noun)" + (self == 1 ? "" : "s") }
}

extension Int {
  /// "999 bytes", "72 KB", "3.4 MB": a number of bytes as files have them, with a blank at which no line is broken.
  package var byteText: String {
    guard self >= 1000 else { return "\(self)\u{A0}byte" + (self == 1 ? "" : "s") }
    let units = ["KB", "MB", "GB", "TB"]
    var value = Double(self) / 1000
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    // A kilobyte more or less tells nobody anything, a gigabyte does.
    let scale = [1.0, 10, 100, 100][unit]
    return ((value * scale).rounded() / scale).shortText + "\u{A0}" + units[unit]
  }
}

extension Double {
  /// "0.93", "−0.05"; "12" without decimals.
  func text(decimals: Int) -> String {
    let unit = (0..<decimals).reduce(1) { product, _ in 10 * product }
    let parts = Int((abs(self) * Double(unit)).rounded())
    let sign = self < 0 && parts > 0 ? "\u{2212}" : ""
    guard decimals > 0 else { return sign + String(parts) }
    let digits = "\(parts % unit)"
    return sign + "\(parts / unit)." + String(repeating: "0", count: decimals - digits.count) + digits
  }

  /// At most four significant digits, without an exponent where that is readable.
  package var shortText: String {
    if self == rounded(), abs(self) < 1e15 { return String(Int(self)) }
    var digits = 4
    var scale = abs(self)
    while scale >= 10, digits > 1 {
      scale /= 10
      digits -= 1
    }
    let power = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return String((self * power).rounded() / power)
  }
}

extension String {
  /// With what it was made from at its end: "on dataset d".
  func followed(by basis: String?, after separator: String = ", ") -> String {
    basis.map { self + separator + $0 } ?? self
  }

  /// "Of project p." for "of project p".
  var asSentence: String { prefix(1).uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".") }

  /// With the working folder left out of paths, and the home folder as `~`: a notebook shows the same wherever it lies.
  package var withShortPaths: String {
    var text = replacing(FileManager.default.currentDirectoryPath + "/", with: "")
    let home = NSHomeDirectory()
    if home.count > 1 { text = text.replacing(home + "/", with: "~/") }
    return text
  }
}
