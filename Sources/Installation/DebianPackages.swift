import Foundation

/// What Debian's package database says.
enum DebianPackages {
  /// The version of an installed package, such as "4.3.4-6"; nil if it is not installed.
  static func version(of package: String) -> String? {
    guard let status = try? String(contentsOfFile: "/var/lib/dpkg/status", encoding: .utf8) else { return nil }
    return version(of: package, inStatus: status)
  }

  /// Paragraphs of `Key: value` lines, parted by empty lines.
  static func version(of package: String, inStatus status: String) -> String? {
    guard let start = status.range(of: "\nPackage: \(package)\n") else { return nil }
    let rest = status[start.upperBound...]
    let paragraph = rest.range(of: "\n\n").map { rest[..<$0.lowerBound] } ?? rest
    return paragraph.split(separator: "\n").first { $0.hasPrefix("Version: ") }.map { String($0.dropFirst(9)) }
  }
}
