/// Remembers the digests of the latest messages, so that a recorded message cannot be sent a second time.
struct ReplayGuard {
  private let capacity: Int
  private var seen: Set<MessageSigner.Digest> = []
  private var ring: [MessageSigner.Digest] = []
  private var oldest = 0

  /// - Parameter capacity: how many digests are kept; the oldest goes first.
  init(capacity: Int = 65_536) { self.capacity = capacity }

  /// - Returns: false if `digest` is among those remembered.
  mutating func admit(_ digest: MessageSigner.Digest) -> Bool {
    guard seen.insert(digest).inserted else { return false }
    if ring.count < capacity {
      ring.append(digest)
    } else {
      seen.remove(ring[oldest])
      ring[oldest] = digest
      oldest = (oldest + 1) % capacity
    }
    return true
  }
}
