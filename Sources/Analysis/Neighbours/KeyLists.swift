/// Lists of equally many keys, one for each place; see CSIMDKernels for what a key is.
final class KeyLists: @unchecked Sendable {
  let count: Int
  let capacity: Int
  /// `count × capacity`, zeros at first; written only while the lists are being made, each list by one thread.
  let keys: UnsafeMutablePointer<UInt64>
  private let storage: ZeroedStorage<UInt64>

  init(count: Int, capacity: Int) {
    self.count = count
    self.capacity = capacity
    storage = ZeroedStorage(count: count * capacity)
    keys = storage.start
  }

  func list(_ place: Int) -> UnsafeMutablePointer<UInt64> { keys + place * capacity }

  static func row(_ key: UInt64) -> Int { Int(key & 0x7FFF_FFFF) }
}
