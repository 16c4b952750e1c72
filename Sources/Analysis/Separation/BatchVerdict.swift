/// Whether what is read of an outcome could be read of the site instead.
package enum BatchVerdict: Sendable, Equatable {
  /// What there are too few of.
  package enum Shortage: Sendable, Equatable {
    case patients
    /// Of the outcome that is the second most frequent.
    case outcomes
    /// Of the site that is the second largest.
    case sites
  }

  /// Each site has one outcome, but for so many cases: no analysis can tell the two apart.
  case confounded(exceptions: Int)
  case tooFew(Shortage)
  /// The outcome cannot be told from chance, nor excluded to be read well.
  case inconclusive
  /// The outcome cannot be read.
  case nothingRead
  /// It is read in sites that were never seen.
  case acrossSites(isPartLost: Bool)
  /// It is read beyond what the site gives away, and was not found in sites never seen.
  case beyondSite
  /// It is read as well as the site gives it away, and less well in sites never seen.
  case siteAlone
  /// The same, but it may be read as well in sites never seen.
  case perhapsSite
  /// It is read, not in sites never seen; but neither is the site read.
  case neither

  package static let leastPatients = 10
  package static let leastOfOutcome = 4
  package static let leastOfSite = 3
  /// So many cases that are not of their site's outcome are no sample of it.
  private static let mostExceptions = 2
  private static let strongAssociation = 0.7
  private static let level = 0.05
  /// There are three ways in which something beyond the site may show, which share the level: in sites never seen, and,
  /// of patients left out, among all or within sites.
  private static let levels = (unseen: 0.025, mixed: 0.0125, within: 0.0125)
  /// An area that would be worth knowing of.
  private static let notableArea = 0.8

  /// - Parameters:
  ///   - table: Cases by site and outcome.
  ///   - patientCount: Of these cases.
  package init(_ table: CrossTable, patientCount: Int, readings: BatchReadings) {
    let outcomeSizes = (0..<(table.counts.first?.count ?? 0)).map { outcome in
      table.counts.reduce(0) { $0 + $1[outcome] }
    }
    let siteSizes = table.counts.map { $0.reduce(0, +) }
    let exceptions = table.exceptionCount
    if exceptions == 0
      || (exceptions <= Self.mostExceptions && (table.cramersV ?? 0) >= Self.strongAssociation)
    {
      self = .confounded(exceptions: exceptions)
    } else if patientCount < Self.leastPatients {
      self = .tooFew(.patients)
    } else if outcomeSizes.count(where: { $0 >= Self.leastOfOutcome }) < 2 {
      self = .tooFew(.outcomes)
    } else if siteSizes.count(where: { $0 >= Self.leastOfSite }) < 2 {
      self = .tooFew(.sites)
    } else {
      self = Self.told(by: readings)
    }
  }

  private static func told(by readings: BatchReadings) -> BatchVerdict {
    guard let mixed = readings.outcome else { return .inconclusive }
    let unseen = readings.unseenSites
    if let unseen, unseen.isAboveChance(levels.unseen) {
      return .acrossSites(isPartLost: unseen.area.interval.upperBound < mixed.area.value)
    }
    let isBeyondMixed = readings.shadow.map { $0.p <= levels.mixed } ?? false
    if isBeyondMixed || readings.withinSites?.isAboveChance(levels.within) ?? false { return .beyondSite }
    // Shuffled within sites, outcomes are read as well as the site alone gives them away.
    let isGivenAway =
      readings.shadow.map { $0.range.lowerBound > 0.5 } ?? false && mixed.area.interval.lowerBound > 0.5
    guard isGivenAway || mixed.isAboveChance(level) else {
      return mixed.area.interval.upperBound < notableArea ? .nothingRead : .inconclusive
    }
    guard isGivenAway || readings.site?.isAboveChance(level) ?? false else { return .neither }
    guard let unseen, unseen.area.interval.upperBound < mixed.area.value else { return .perhapsSite }
    return .siteAlone
  }
}
