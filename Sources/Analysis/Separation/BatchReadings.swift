package import FeatureData

/// How well sites and outcomes can be read from features of patients that a classifier has not seen.
package struct BatchReadings: Sendable, Equatable {
  /// An area under the ROC curve, of several classes the mean of each against the rest.
  package struct Reading: Sendable, Equatable {
    package let area: MeanArea
    /// Nil where nothing was shuffled.
    package let chance: LabelShuffle.Outcome?

    /// At a level of error; by the interval where nothing was shuffled.
    package func isAboveChance(_ level: Double) -> Bool {
      chance.map { $0.p <= level } ?? (area.interval.lowerBound > 0.5)
    }
  }

  /// The site, patients left out; chance shuffles sites among all patients.
  package let site: Reading?
  /// The outcome, patients left out; chance shuffles outcomes among all patients.
  package let outcome: Reading?
  /// What the outcome's area is by chance where each site keeps its outcomes: what the site alone gives away.
  package let shadow: LabelShuffle.Outcome?
  /// The same scores, compared between patients of one site only; chance shuffles within sites.
  package let withinSites: Reading?
  /// The outcome in each site by a classifier of the others, compared within it; chance shuffles within sites.
  package let unseenSites: Reading?
  /// Sites with a pair to compare in that, by number.
  package let scoredSites: [Int]
  package let shuffleCount: Int
  /// Parts in which patients were left out; as many as patients where it is one by one.
  package let partCount: Int

  /// Up to so many patients are left out one by one.
  package static let mostOneByOne = 40
  private static let parts = 10
  private static let shuffles = 79...199
  /// Whether sites can be read at all is seen from fewer.
  private static let siteShuffles = 19...99
  /// Multiplications, of which a core does a few thousand million a second.
  private static let mostWork = 1e10

  private static func shuffleCount(_ work: Double, in range: ClosedRange<Int>) -> Int {
    min(range.upperBound, max(range.lowerBound, Int(mostWork / max(1, work))))
  }

  /// Cases: a patient each, or a patient's slides of one site and outcome.
  package struct Cases: Sendable {
    /// cases × features: mean activations.
    package let vectors: Matrix
    /// Numbers by case.
    package let patients: [Int]
    package let sites: [Int]
    package let outcomes: [Int]

    package init(vectors: Matrix, patients: [Int], sites: [Int], outcomes: [Int]) {
      self.vectors = vectors
      self.patients = patients
      self.sites = sites
      self.outcomes = outcomes
    }
  }

  /// - Throws: `WorkInterrupted`.
  package init(_ cases: Cases, seed: UInt64, threads: Int? = nil, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let (sites, outcomes) = (cases.sites, cases.outcomes)
    let most = (outcomes.max() ?? 0) + 1
    let patientFolds = HeldOutRows.Fold.leavingOut(
      owners: cases.patients, strata: sites.indices.map { sites[$0] * most + outcomes[$0] },
      oneByOneUpTo: Self.mostOneByOne, parts: Self.parts, seed: seed)
    let siteFolds = HeldOutRows.Fold.leavingOut(groups: sites, owners: cases.patients)
    let byPatient = try HeldOutRows(cases.vectors, folds: patientFolds, threads: threads, monitor: monitor)
    let bySite = try HeldOutRows(cases.vectors, folds: siteFolds, threads: threads, monitor: monitor)
    partCount = patientFolds.count
    let all = [Int](repeating: 0, count: sites.count)
    @Sendable func site(_ labels: [Int], _ number: Int) -> [RankedPairs] {
      byPatient.pairs(labels, strata: all, seed: seed &+ UInt64(number), groupings: [nil])[0]
    }
    /// Of all pairs, and of those within sites.
    @Sendable func outcome(_ labels: [Int], _ number: Int) -> [[RankedPairs]] {
      byPatient.pairs(labels, strata: sites, seed: seed &+ UInt64(number), groupings: [nil, sites])
    }
    @Sendable func unseen(_ labels: [Int]) -> [RankedPairs] {
      bySite.pairs(labels, strata: nil, seed: seed, groupings: [sites])[0]
    }
    let foundSite = site(sites, 0)
    let foundOutcome = outcome(outcomes, 0)
    let foundUnseen = unseen(outcomes)
    scoredSites = Set(sites).sorted().filter { site in
      foundUnseen.contains { $0.groups.contains { $0.number == site } }
    }
    let count = Self.shuffleCount(
      byPatient.work * Double(2 * foundOutcome[0].count) + bySite.work * Double(foundUnseen.count),
      in: Self.shuffles)
    shuffleCount = count

    let siteChance = try LabelShuffle(sites, seed: seed).measured(
      Self.shuffleCount(byPatient.work * Double(foundSite.count), in: Self.siteShuffles), phase: "sites by chance",
      threads: threads, monitor: monitor
    ) { labels, number in [MeanArea.value(of: site(labels, number))] }
    let freeChance = try LabelShuffle(outcomes, seed: seed &+ 1).measured(
      count, phase: "outcomes by chance", threads: threads, monitor: monitor
    ) { labels, number in [MeanArea.value(of: outcome(labels, number)[0])] }
    let boundChance = try LabelShuffle(outcomes, strata: sites, seed: seed &+ 2).measured(
      count, phase: "outcomes by chance within sites", threads: threads, monitor: monitor
    ) { labels, number in
      let pairs = outcome(labels, number)
      return [MeanArea.value(of: pairs[0]), MeanArea.value(of: pairs[1]), MeanArea.value(of: unseen(labels))]
    }
    func reading(_ found: [RankedPairs], _ chance: [[Double?]], _ place: Int) -> Reading? {
      MeanArea(found).map { area in
        Reading(area: area, chance: LabelShuffle.Outcome(found: area.value, chance: chance.map { $0[place] }))
      }
    }
    self.site = reading(foundSite, siteChance, 0)
    self.outcome = reading(foundOutcome[0], freeChance, 0)
    shadow = reading(foundOutcome[0], boundChance, 0)?.chance
    withinSites = reading(foundOutcome[1], boundChance, 1)
    unseenSites = reading(foundUnseen, boundChance, 2)
  }
}

extension HeldOutRows {
  /// Multiplications for a classifier in each fold.
  fileprivate var work: Double {
    zip(folds, widths).reduce(0) { sum, fold in
      // Some six steps, each a product of all rows and a factorisation.
      let r = Double(fold.1 + 1)
      return sum + 6 * (Double(fold.0.training.count) * r * r / 2 + r * r * r / 3)
    }
  }

  /// Comparisons of each class with the rest, of two classes one, by grouping of rows; classes that one row has, or all
  /// but one, are not compared.
  fileprivate func pairs(
    _ labels: [Int], strata: [Int]?, seed: UInt64, groupings: [[Int]?]
  ) -> [[RankedPairs]] {
    var counts: [Int: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    let classes = counts.keys.sorted().filter {
      counts[$0, default: 0] > 1 && counts[$0, default: 0] < labels.count - 1
    }
    var result = [[RankedPairs]](repeating: [], count: groupings.count)
    for one in counts.count == 2 ? classes.suffix(1) : classes[...] {
      let isPositive = labels.map { $0 == one }
      let scores = scores(isPositive: isPositive, strata: strata, seed: seed)
      for (place, grouping) in groupings.enumerated() {
        result[place].append(RankedPairs(scores: scores, isPositive: isPositive, groupOfRow: grouping))
      }
    }
    return result
  }
}
