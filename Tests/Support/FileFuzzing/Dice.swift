import FeatureData

/// Random choices that depend on a seed alone.
struct Dice {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: SplitMix64.mix(seed &+ 0x5EED)) }

  mutating func bits() -> UInt64 { random.next() }

  mutating func unit() -> Double { random.nextUnit() }

  /// A number from 0 up to, but not including, the bound; 0 for a bound of 0.
  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(random.next() % UInt64(bound)) : 0 }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A place in a collection of so many elements, ends included.
  mutating func range(in count: Int, longest: Int) -> Range<Int> {
    let start = below(count + 1)
    return start..<start + below(min(longest, count - start) + 1)
  }

  /// Mostly small, seldom large.
  mutating func size(upTo limit: Int) -> Int { below(below(below(limit + 1) + 1) + 1) }

  /// A whole number at which arithmetic may go wrong.
  mutating func edge() -> UInt64 {
    let near = UInt64(bitPattern: Int64(below(5) - 2))
    switch below(6) {
    case 0: return near
    case 1: return (1 as UInt64) << UInt64(below(64)) &+ near
    case 2: return UInt64(Int64.max) &+ near
    case 3: return UInt64(UInt32.max) &+ near
    case 4: return UInt64(below(100_000))
    default: return bits()
    }
  }
}
