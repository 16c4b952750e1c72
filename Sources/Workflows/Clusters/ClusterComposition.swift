import Analysis
import Slides
import FeatureData
package import Rendering

/// Whose tiles the clusters hold, and whether outcomes differ in that, by patient.
package struct ClusterComposition: Sendable {
  /// What clusters are compared by.
  package struct Choice: Sendable {
    /// Nil for those that the features were made with.
    let outcomes: LabelChoice?
    let useFloat: Bool?
  }

  /// Of one cluster, between outcomes.
  struct Comparison: Sendable {
    /// By category: the mean over units of the share of their tiles that the cluster holds; nil of no unit.
    let shares: [Double?]
    /// Spearman's, where outcomes are numbers.
    let rho: Double?
    let p: Double?
    /// Why there is no p.
    let reason: String?
  }

  let groups: TileGroups
  let choice: Choice
  /// By cluster.
  let counts: [Int]
  /// By slide and cluster.
  let bySlide: [[Int]]
  /// In the order of names.
  let patients: [(name: String, slides: [Int])]
  /// Nil where there are no outcomes, or only one.
  let units: ComparedUnits?
  /// By cluster; empty without units.
  let comparisons: [Comparison]
  let q: [Double?]
  /// Why outcomes are not compared; nil where they are.
  let gap: String?

  init(_ groups: TileGroups, by choice: Choice, monitor: any WorkMonitor) throws {
    self.groups = groups
    self.choice = choice
    let features = groups.features
    let clusterCount = groups.names.count
    let bySlide = groups.numbers.map { numbers in
      var counts = [Int](repeating: 0, count: clusterCount)
      for number in numbers where number >= 0 { counts[Int(number)] += 1 }
      return counts
    }
    self.bySlide = bySlide
    counts = (0..<clusterCount).map { cluster in bySlide.reduce(0) { $0 + $1[cluster] } }
    let annotations = features.study.project.annotations
    let byPatient = Dictionary(grouping: features.slides.indices) { place in
      annotations.patient(of: features.slides[place].name) ?? features.slides[place].name
    }
    patients = NaturalOrder.sorted(Array(byPatient.keys)).map { ($0, byPatient[$0] ?? []) }
    try monitor.checkInterrupted()
    (units, gap) = try Self.units(features, choice)
    guard let units else {
      comparisons = []
      q = []
      return
    }
    comparisons = try Self.comparisons(units, groups.numbers, clusterCount: clusterCount, monitor: monitor)
    q = GroupTests.adjustedPValues(comparisons.map(\.p))
  }

  private static func units(_ features: FeatureSet, _ choice: Choice) throws -> (ComparedUnits?, gap: String?) {
    guard let labels = try features.outcomes(choice.outcomes, useFloat: choice.useFloat) else {
      return (nil, "`outcomes=COLUMN` compares the patients of outcomes.")
    }
    let known = Set(features.slides.map(\.name)).intersection(labels.slides)
    if case .categorical(let bySlide, _) = labels.values, Set(known.compactMap { bySlide[$0] }).count < 2 {
      return (nil, "All slides have the same \(labels.column), so there is nothing to compare.")
    }
    if known.isEmpty { return (nil, "No slide has a value of \(labels.column).") }
    var request = ComparisonRequest()
    request.groups = .labels(choice.outcomes)
    request.useFloat = choice.useFloat
    return (try ComparedUnits(features, request), nil)
  }

  private static func comparisons(
    _ units: ComparedUnits, _ numbers: [[Int32]], clusterCount: Int, monitor: any WorkMonitor
  ) throws -> [Comparison] {
    // By unit and cluster: shares of the unit's tiles that are in any cluster.
    let shares = units.units.map { unit -> [Double]? in
      var counts = [Int](repeating: 0, count: clusterCount)
      for part in unit.tiles {
        let own = numbers[part.slide]
        for row in part.rows ?? Array(own.indices) where own[row] >= 0 { counts[Int(own[row])] += 1 }
      }
      let total = counts.reduce(0, +)
      return total == 0 ? nil : counts.map { Double($0) / Double(total) }
    }
    let taken = shares.indices.filter { shares[$0] != nil }
    let values = taken.compactMap { shares[$0] }
    if units.areNumbers {
      return try FeatureComparison.correlations(
        featureCount: clusterCount, outcome: taken.map { units.units[$0].number }, monitor: monitor
      ) { cluster in values.map { $0[cluster] } }.map {
        Comparison(
          shares: [], rho: $0.rho.value, p: $0.spearman.p, reason: $0.spearman.reason.map { Self.words(of: $0, units) })
      }
    }
    let ofUnits = taken.map { units.units[$0].category }
    return try FeatureComparison.groups(
      featureCount: clusterCount, groups: ofUnits, groupCount: units.categories.count, monitor: monitor
    ) { cluster in values.map { $0[cluster] } }.enumerated().map { cluster, feature in
      let test = units.categories.count == 2 ? feature.mannWhitney : feature.kruskal
      let means = units.categories.indices.map { category -> Double? in
        let own = zip(ofUnits, values).filter { $0.0 == category }.map { $0.1[cluster] }
        return own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)
      }
      return Comparison(shares: means, rho: nil, p: test.p, reason: test.reason.map { Self.words(of: $0, units) })
    }
  }

  /// Why there is no p.
  private static func words(of reason: UndefinedTest, _ units: ComparedUnits) -> String {
    switch reason {
    case .constant: "the share is the same in all"
    case .constantOutcome: "\(units.outcome) is the same everywhere"
    case .fewUnits(let needed): "\(needed) \(units.noun)s are needed"
    case .fewerThanTwoGroups: "fewer than two categories have a \(units.noun) with tiles in a cluster"
    case .moreThanTwoGroups, .noRepeats, .singleMember, .noVarianceWithin, .groupsFollowStrata, .noFreedom, .notFinite:
      "there are too few \(units.noun)s"
    }
  }

  // MARK: Tables

  /// A row for each cluster.
  package var summary: DataTable {
    let total = counts.reduce(0, +)
    let clusters = groups.names.indices
    var columns: [DataTable.Column] = [
      DataTable.Column(groups.label), DataTable.Column("tiles", .integer),
      DataTable.Column("% of tiles", .number(significantDigits: 3)),
      DataTable.Column("slides", .integer), DataTable.Column("patients", .integer),
      DataTable.Column("largest patient, % of its tiles", .text, alignment: .right),
    ]
    var rows: [[DataTable.Cell]] = clusters.map { cluster in
      let ofPatients = patients.map { patient in patient.slides.reduce(0) { $0 + bySlide[$1][cluster] } }
      let largest = ofPatients.indices.max { (ofPatients[$0], -$0) < (ofPatients[$1], -$1) }
      return [
        .text(groups.names[cluster]), .integer(counts[cluster]),
        .number(100 * Double(counts[cluster]) / Double(max(1, total))), .integer(bySlide.count { $0[cluster] > 0 }),
        .integer(ofPatients.count { $0 > 0 }),
        largest.map { place in
          .text(
            "\(patients[place].name) \((100 * Double(ofPatients[place]) / Double(max(1, counts[cluster]))).text(decimals: 0)) %"
          )
        } ?? .missing,
      ]
    }
    if let units {
      if units.areNumbers {
        columns.append(DataTable.Column("ρ with \(units.outcome)", .number(significantDigits: 3)))
        for cluster in clusters { rows[cluster].append(Self.cell(comparisons[cluster].rho)) }
      } else {
        for (category, name) in units.categories.enumerated() {
          columns.append(DataTable.Column("\(name), mean %", .number(significantDigits: 3)))
          for cluster in clusters {
            rows[cluster].append(Self.cell(comparisons[cluster].shares[category].map { 100 * $0 }))
          }
        }
      }
      columns += [DataTable.Column("\(units.noun) p", .pValue), DataTable.Column("\(units.noun) q", .pValue)]
      for cluster in clusters { rows[cluster] += [Self.cell(comparisons[cluster].p), Self.cell(q[cluster])] }
    }
    return DataTable(columns: columns, rows: rows, caption: caption)
  }

  private static func cell(_ value: Double?) -> DataTable.Cell { value.map { .number($0) } ?? .missing }

  private var caption: String {
    guard let units else { return "Composition of the clusters. \(gap ?? "")" }
    let noun = units.noun
    let test =
      units.areNumbers
      ? "Spearman correlation" : units.categories.count == 2 ? "Mann–Whitney test" : "Kruskal–Wallis test"
    let groups =
      units.areNumbers
      ? ""
      : " (" + units.categories.indices.map { "\(units.categories[$0]) \(units.count(of: $0))" }.joined(separator: ", ")
        + ")"
    let reasons = Set(comparisons.compactMap(\.reason)).sorted()
    return
      "Composition of the clusters. By \(units.outcome): \(test) of the share of a \(noun)'s tiles that a cluster holds, "
      + "over \(units.units.count.counted(noun))\(groups); q by Benjamini–Hochberg over clusters. Shares of one \(noun) add up to "
      + "1, so that a cluster that gains takes from the others."
      + (reasons.isEmpty ? "" : " No p: \(reasons.joined(separator: "; ")).")
  }

  /// A row for each category, patient and slide, with its tiles in each cluster.
  package var table: DataTable {
    let outside = DataTable.Column("in none", .integer)
    var rows: [[DataTable.Cell]] = []
    func add(_ level: String, _ name: String, slides: [Int]) {
      let own = groups.names.indices.map { cluster in slides.reduce(0) { $0 + bySlide[$1][cluster] } }
      let total = slides.reduce(0) { $0 + groups.numbers[$1].count }
      rows.append(
        [.text(level), .text(name), .integer(total)] + own.map { .integer($0) } + [.integer(total - own.reduce(0, +))])
    }
    if let units, !units.areNumbers {
      for (category, name) in units.categories.enumerated() {
        let slides = Set(units.units.filter { $0.category == category }.flatMap { $0.tiles.map(\.slide) })
        add(units.outcome, name, slides: slides.sorted())
      }
    }
    for patient in patients { add("patient", patient.name, slides: patient.slides) }
    for (place, slide) in groups.features.slides.enumerated() { add("slide", slide.name, slides: [place]) }
    return DataTable(
      columns: [DataTable.Column("level"), DataTable.Column("name"), DataTable.Column("tiles", .integer)]
        + groups.names.map { DataTable.Column($0, .integer) } + [outside], rows: rows,
      caption: "Tiles of each category, patient and slide by \(groups.label)")
  }
}
