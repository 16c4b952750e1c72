package import FeatureData

/// What the locations in tile files count: slideflow wrote a tenth of the pixels until version 1.4, and no file says so.
package enum LocationUnit: Sendable, Equatable {
  case pixels
  case tenths
  case unknown

  /// What is known of the tiles besides their locations.
  package struct Evidence: Sendable {
    /// Side of a tile on the slide, in pixels of its finest level.
    package var fullExtractPixels: Int?
    /// Of the finest level.
    package var slideSize: (width: Int, height: Int)?
    package var tileSize: TileSize?
    /// Of the project; its tiles may be older or younger.
    package var slideflowVersion: String?

    package init() {}
  }

  /// The unit, and how it is known.
  package struct Verdict: Sendable, Equatable {
    package let unit: LocationUnit
    /// A clause, such as "the project is of slideflow 1.4.2".
    package let reason: String
  }

  /// Judges the locations of one slide, by the first of: what the slide has room for, the step of the tiles' grid
  /// against their size, the project's version, the step against the sizes that there are.
  package static func verdict(_ locations: [TileLocation], _ evidence: Evidence) -> Verdict {
    guard !locations.isEmpty else { return Verdict(unit: .unknown, reason: "the records hold no locations") }
    let lattice = TileLattice(locations)
    let version = evidence.slideflowVersion.flatMap { byVersion($0) }
    if let verdict = evidence.slideSize.flatMap({ byRoom(locations, $0) }) { return verdict }
    if let lattice, let side = evidence.fullExtractPixels, let verdict = byExtent(lattice.step, side) { return verdict }
    if let lattice, let range = evidence.tileSize.flatMap(extents), let verdict = bySpan(lattice.step, range) {
      // A grid that overlaps ten times is rare, and a version on record may be of another time.
      return verdict.isCertain ? verdict.verdict : version ?? verdict.verdict
    }
    return version
      ?? Verdict(unit: .unknown, reason: "neither the slide's size nor the project's slideflow version is known")
  }

  private static func byRoom(_ locations: [TileLocation], _ size: (width: Int, height: Int)) -> Verdict? {
    // Records may hold anything: ten times the least number there is would be none.
    let x = max(locations.map(\.x).max() ?? 0, 0)
    let y = max(locations.map(\.y).max() ?? 0, 0)
    if x >= size.width || y >= size.height {
      return Verdict(
        unit: .unknown, reason: "they reach (\(x), \(y)), beyond the slide of \(size.width) × \(size.height) pixels")
    }
    // What a division by ten cuts off may be up to nine pixels.
    guard x * 10 >= size.width || y * 10 >= size.height else { return nil }
    return Verdict(
      unit: .pixels,
      reason: "ten times as much, (\(x * 10), \(y * 10)), is beyond the slide of \(size.width) × \(size.height) pixels")
  }

  private static func byExtent(_ step: Double, _ side: Int) -> Verdict? {
    let text = shown(step)
    // Tiles that lie apart, side by side, or overlap in up to four steps.
    for divisor in [1.0, 2, 3, 4] {
      let expected = Double(side) / divisor
      if abs(step - expected) <= max(1, expected * 0.01) {
        return Verdict(unit: .pixels, reason: "tiles of \(side) pixels lie \(text) apart")
      }
      if abs(step * 10 - expected) <= max(5, expected * 0.01) {
        return Verdict(unit: .tenths, reason: "tiles of \(side) pixels lie \(text) apart")
      }
    }
    return nil
  }

  /// Pixels of a tile on slides of 0.1 to 1.2 microns a pixel.
  private static func extents(_ size: TileSize) -> ClosedRange<Double>? {
    let microns: Double
    switch size.extent {
    case .microns(let side): microns = Double(side)
    case .magnification(let power):
      guard let power = Double(power), power > 0 else { return nil }
      microns = Double(size.pixels) * 10 / power
    }
    return microns / 1.2...microns / 0.1
  }

  private static func bySpan(_ step: Double, _ range: ClosedRange<Double>) -> (verdict: Verdict, isCertain: Bool)? {
    let text = shown(step)
    if step > range.upperBound / 10 {
      let reason = "the tiles lie \(text) apart, and ten times as much is more than their side on any slide"
      return (Verdict(unit: .pixels, reason: reason), step <= range.upperBound)
    }
    if step < range.lowerBound / 4, range.contains(step * 10) {
      let reason =
        "the tiles lie \(text) apart, far less than the \(shown(range.lowerBound)) pixels or more of their side"
      return (Verdict(unit: .tenths, reason: reason), false)
    }
    return nil
  }

  private static func byVersion(_ version: String) -> Verdict? {
    let parts = version.split(separator: ".").prefix(2).map { Int($0) }
    guard let major = parts.first ?? nil else { return nil }
    let minor = parts.count > 1 ? parts[1] ?? 0 : 0
    let isEarly = major < 1 || (major == 1 && minor <= 4)
    return Verdict(unit: isEarly ? .tenths : .pixels, reason: "the project is of slideflow \(version)")
  }

  private static func shown(_ step: Double) -> String {
    let tenths = Int((step * 10).rounded())
    return tenths.isMultiple(of: 10) ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
  }
}
