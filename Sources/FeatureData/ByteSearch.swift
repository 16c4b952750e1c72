package import Foundation
import Glibc

extension Data {
  /// Where some bytes stand first, at a place or behind it.
  ///
  /// `Data.range(of:)` looks at one byte after another, which takes seconds for the weights of a large network.
  package func firstRange(ofBytes bytes: Data, from start: Index? = nil) -> Range<Index>? {
    let start = start ?? startIndex
    guard !bytes.isEmpty, start < endIndex else { return nil }
    let found: Int? = self[start...].withUnsafeBytes { all in
      bytes.withUnsafeBytes { wanted in
        guard let base = all.baseAddress, let key = wanted.baseAddress else { return nil }
        var place = 0
        while place + wanted.count <= all.count {
          let room = all.count - wanted.count + 1 - place
          guard let next = memchr(base + place, Int32(wanted[0]), room) else { return nil }
          place = base.distance(to: UnsafeRawPointer(next))
          if memcmp(next, key, wanted.count) == 0 { return place }
          place += 1
        }
        return nil
      }
    }
    return found.map { start + $0..<start + $0 + bytes.count }
  }
}
