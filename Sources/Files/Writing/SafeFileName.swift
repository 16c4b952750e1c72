import Foundation

/// Names of files for things that have names of their own, such as a feature `layer3/0` or a category `=A|B`: every file
/// system takes them, and they mean nothing else to a shell, in a web address or in a cell of a spreadsheet.
///
/// Letters and digits of all scripts are kept, and of ASCII's signs `-_.+=,@`; what else there is becomes `_`, and so do a dot, a dash
/// or another sign at the front. Names that Windows keeps for devices begin with `_`, and long ones end with a checksum.
package enum SafeFileName {
  /// In UTF-8, without the ending: eCryptfs takes 143, and a file that is being written has a longer name.
  package static let longest = 100

  /// A name for one thing alone: different things may get the same.
  package static func of(_ name: String) -> String {
    var result = ""
    // Also behind what was replaced, as in `../..`.
    var isAtFront = true
    for scalar in name.precomposedStringWithCanonicalMapping.unicodeScalars {
      if isKept(scalar), !isAtFront || !signs.contains(scalar) {
        result.unicodeScalars.append(scalar)
        isAtFront = false
      } else {
        if result.last != "_" { result += "_" }
        isAtFront = true
      }
    }
    // Windows takes dots off the end.
    while result.last == "." { result.removeLast() }
    let stem = result.prefix { $0 != "." }.uppercased()
    if result.isEmpty || devices.contains(stem) { result = "_" + result }
    return shortened(result, of: name, toByteCount: longest)
  }

  /// Names for several things, in their order, of which no two are the same on a file system that takes capitals for small
  /// letters. Those that would be have a number behind them, `_2` and so on.
  package static func distinct(_ names: [String]) -> [String] {
    let plain = names.map(of)
    let counts = Dictionary(plain.map { ($0.lowercased(), 1) }, uniquingKeysWith: +)
    // What has its name for itself keeps it, wherever it stands.
    var taken = Set(counts.filter { $0.value == 1 }.keys)
    var last: [String: Int] = [:]
    return plain.map { name in
      let key = name.lowercased()
      guard counts[key] != 1, !taken.insert(key).inserted else { return name }
      var number = last[key] ?? 1
      repeat { number += 1 } while !taken.insert("\(key)_\(number)").inserted
      last[key] = number
      return "\(name)_\(number)"
    }
  }

  private static let signs: Set<Unicode.Scalar> = ["-", ".", "+", "=", ",", "@"]
  private static let devices = Set(
    ["CON", "PRN", "AUX", "NUL", "CONIN", "CONOUT"]
      + ["COM", "LPT"].flatMap { port in (0...9).map { "\(port)\($0)" } + ["¹", "²", "³"].map { port + $0 } })

  private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || signs.contains(scalar)
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator:
      return false
    default: return true
    }
  }

  /// A name, or its beginning with a checksum of what it stands for where it is longer.
  package static func shortened(_ name: String, of whole: String, toByteCount limit: Int) -> String {
    guard name.utf8.count > limit else { return name }
    let sum = String(CRC32.checksum(Array(whole.utf8)), radix: 36)
    var result = name
    while result.utf8.count > limit - sum.count - 1 { result.removeLast() }
    return "\(result)-\(sum)"
  }
}
