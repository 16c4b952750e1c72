/// Holds the digests of the latest messages, so that a recorded message cannot be sent a second time.
struct ReplayGuard: Sendable {
  /// Half of a digest, which tells messages apart as well as the whole and needs no memory of its own.
  private typealias Mark = SIMD2<UInt64>

  private let capacity: Int
  private var seen: Set<Mark> = []
  private var ring: [Mark] = []
  private var oldest = 0

  /// - Parameter capacity: how many digests are kept; the oldest goes first.
  init(capacity: Int = 65_536) { self.capacity = capacity }

  /// - Returns: false if `digest` is among the latest.
  mutating func admit(_ digest: MessageSigner.Digest) -> Bool {
    var mark = Mark()
    for (index, byte) in digest.prefix(16).enumerated() { mark[index / 8] = mark[index / 8] << 8 | UInt64(byte) }
    guard seen.insert(mark).inserted else { return false }
    if ring.count < capacity {
      ring.append(mark)
    } else {
      seen.remove(ring[oldest])
      ring[oldest] = mark
      oldest = (oldest + 1) % capacity
    }
    return true
  }
}
