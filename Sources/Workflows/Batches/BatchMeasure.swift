import Analysis

/// One way to measure how far sites and outcomes show.
struct BatchMeasure: Sendable {
  enum Kind: Sendable, Hashable {
    /// Neighbours of other patients that are alike, among activations or on the map.
    case neighbours(count: Int)
    case neighboursOnMap(count: Int)
    case tileSilhouette
    case patientSilhouette
    /// Areas under the ROC curve.
    case patientsLeftOut
    case siteAlone
    case withinSites
    case unseenSites
  }

  /// What was found, and what chance makes of it.
  struct Value: Sendable {
    let value: Double
    /// 95 %; nil where it has none.
    let interval: ClosedRange<Double>?
    /// Nil where nothing was shuffled.
    let chance: Double?
    /// What 95 % of shuffles give.
    let chanceRange: ClosedRange<Double>?
    let p: Double?

    /// "0.93 (0.81 to 0.98)".
    static func text(_ value: Double, _ range: ClosedRange<Double>?, decimals: Int) -> String {
      value.text(decimals: decimals)
        + (range.map { " (\($0.lowerBound.text(decimals: decimals)) to \($0.upperBound.text(decimals: decimals)))" }
          ?? "")
    }

    init(_ separation: Separation) {
      value = separation.value
      interval = nil
      chance = separation.chance
      chanceRange = separation.shuffled.range
      p = separation.shuffled.p
    }

    init(_ reading: BatchReadings.Reading) {
      value = reading.area.value
      interval = reading.area.interval
      chance = reading.chance?.mean
      chanceRange = reading.chance?.range
      p = reading.chance?.p
    }

    /// What labels give that say no more than the site.
    init(shadow: LabelShuffle.Outcome) {
      value = shadow.mean
      interval = shadow.range
      chance = nil
      chanceRange = nil
      p = nil
    }
  }

  let kind: Kind
  let site: Value?
  let outcome: Value?
  /// What it was taken over: tiles, patients, or pairs of patients that were compared.
  let count: Int
  let noun: String

  /// Silhouettes are often near 0.
  var decimals: Int { kind == .tileSilhouette || kind == .patientSilhouette ? 3 : 2 }

  /// - Parameter by: The column of sites.
  func name(by: String) -> String {
    switch kind {
    case .neighbours(let count): "neighbours alike, of the \(count) nearest tiles of other patients"
    case .neighboursOnMap(let count): "neighbours alike, of the \(count) nearest on the map"
    case .tileSilhouette: "silhouette of tiles, the own patient aside"
    case .patientSilhouette: "silhouette of patients"
    case .patientsLeftOut: "AUC, patients left out"
    case .siteAlone: "AUC that the \(by) alone would give"
    case .withinSites: "AUC, patients left out, within each \(by)"
    case .unseenSites: "AUC, each \(by) left out"
    }
  }
}
