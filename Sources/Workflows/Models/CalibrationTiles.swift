import FeatureData
import Inference
import Slides

/// Tiles that show tissue, spread evenly over slides and over the tiles of each: some to calibrate a network in eight bits
/// on, and others to try it on.
struct CalibrationTiles: Sendable {
  /// Tiles to choose from, as they are before stain normalisation.
  struct Slide: Sendable {
    let name: String
    let count: Int
    /// Opens what holds them.
    let open: @Sendable () throws -> SlideJob.Load
  }

  struct Place: Sendable, Hashable {
    let slide: Int
    let tile: Int
  }

  /// To calibrate on: at most 64.
  let calibrating: [Place]
  /// To try the result on: at most 48.
  let heldOut: [Place]
  private let loads: [Int: SlideJob.Load]

  static let wantedCount = 64
  static let wantedHeldOutCount = 48
  static let leastCount = 16
  static let leastHeldOutCount = 8
  /// So many tiles are looked at before it is given up.
  private static let mostLookedAt = 4096

  /// Chooses the same tiles each time. Tiles and files that cannot be read are passed over.
  ///
  /// - Throws: a failure with the counts where too few show tissue; `WorkInterrupted`.
  init(of slides: [Slide], side: Int, monitor: any WorkMonitor) throws {
    var loads: [Int: SlideJob.Load] = [:]
    var orders: [(slide: Int, tiles: EvenOrder)] = EvenOrder(slides.count).map { ($0, EvenOrder(slides[$0].count)) }
    var found: [Place] = []
    var lookedAt = 0
    let wanted = Self.wantedCount + Self.wantedHeldOutCount
    let pixels = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: side * side * 3)
    defer { pixels.deallocate() }
    while !orders.isEmpty, found.count < wanted, lookedAt < Self.mostLookedAt {
      var left: [(slide: Int, tiles: EvenOrder)] = []
      for (slide, tiles) in orders where found.count < wanted && lookedAt < Self.mostLookedAt {
        try monitor.checkInterrupted()
        monitor.report(phase: "looking for tissue", unit: "tiles", done: found.count, total: wanted)
        var tiles = tiles
        guard let tile = tiles.next(), let load = try? loads[slide] ?? slides[slide].open() else { continue }
        loads[slide] = load
        left.append((slide, tiles))
        lookedAt += 1
        guard (try? load(tile, pixels)) != nil, TileTissue.isShown(in: UnsafeBufferPointer(pixels)) else { continue }
        found.append(Place(slide: slide, tile: tile))
      }
      orders = left
    }
    let count = min(Self.wantedCount, max(Self.leastCount, found.count * Self.wantedCount / wanted))
    let heldOutCount = found.count - count
    guard heldOutCount >= Self.leastHeldOutCount else {
      throw WorkflowFailure(
        "int8 is calibrated on at least \(Self.leastCount) tiles with tissue and tried on \(Self.leastHeldOutCount) others; "
          + "of the \(lookedAt.counted("tile")) looked at, \(found.count) show tissue (are not mostly white or grey, nor uniform).",
        remedy: "precision=bf16", parameter: "precision")
    }
    // Slide by slide, so that each is in both parts.
    found.sort { ($0.slide, $0.tile) < ($1.slide, $1.tile) }
    let isHeldOut = found.indices.map { ($0 + 1) * heldOutCount / found.count > $0 * heldOutCount / found.count }
    calibrating = zip(found, isHeldOut).filter { !$1 }.map(\.0)
    heldOut = zip(found, isHeldOut).filter { $1 }.map(\.0)
    self.loads = loads
  }

  /// Some of the tiles as a network reads them.
  func job(_ places: [Place], _ normalizer: StainNormalizer?) -> SlideJob {
    SlideJob(name: "tiles with tissue", tileCount: places.count) { [loads] index, pixels in
      try loads[places[index].slide]?(places[index].tile, pixels)
      normalizer?.normalize(pixels)
    }
  }
}

/// The numbers below a count in an order of which every beginning is spread evenly: that of van der Corput, by the bits of
/// the position read backwards.
struct EvenOrder: Sequence, IteratorProtocol {
  private let count: Int
  private let bitCount: Int
  private var position = 0

  init(_ count: Int) {
    self.count = count
    bitCount = count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0
  }

  mutating func next() -> Int? {
    while position < 1 << bitCount {
      var number = 0
      for bit in 0..<bitCount where position >> bit & 1 == 1 { number |= 1 << (bitCount - 1 - bit) }
      position += 1
      if number < count { return number }
    }
    return nil
  }
}
