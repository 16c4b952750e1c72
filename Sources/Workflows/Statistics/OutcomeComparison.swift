package import Analysis
package import FeatureData
import FeatureStore
package import Rendering
import Slides

/// Which features differ between outcomes, over tiles and over slides.
package struct OutcomeComparison: Sendable {
  package let statistics: FeatureStatistics
  /// A row for each feature, by p over slides.
  package let table: DataTable
  private let featureNames: [String]

  /// What tells the groups.
  package enum Groups: Sendable {
    /// Labels of slides; nil for those that the features were made with.
    case labels(LabelChoice?)
    /// The region of interest that each tile lies in.
    case regions
  }

  /// Tiles that are compared as one: a slide, or a slide's tiles in regions of a class.
  private struct Member {
    let slide: Int
    let category: String
    /// Nil for all.
    let rows: [Int]?
  }

  /// Who is compared, and what is said of it.
  private struct Parties {
    let members: [Member]
    let categories: [String]
    /// Such as "HPV_status".
    let name: String
    /// What was left out or is to be known, each a clause.
    let clauses: [String]
    /// A sentence behind the caption.
    let remark: String?
  }

  /// - Parameter basis: what was worked on, named or not.
  package init(
    _ features: FeatureSet, method: FeatureStatistics.Method = .mean, groups: Groups = .labels(nil),
    basis: String? = nil, monitor: any WorkMonitor
  ) throws {
    let parties =
      switch groups {
      case .labels(let choice): try Self.parties(of: features, by: choice)
      case .regions: try Self.partiesByRegion(of: features)
      }
    let members = parties.members
    let used = Set(members.map(\.category))
    guard used.count > 1 else {
      throw WorkflowFailure(
        "All \(groups.isOfTiles ? "tiles in a region of interest" : "slides with features") have the same \(parties.name), "
          + "\(used.first ?? "blank"); there is nothing to compare."
          + (features.notFinite().map { " Left out: \($0)." } ?? ""),
        remedy: "outcomes=COLUMN, one with several outcomes", parameter: "outcomes")
    }
    statistics = try Reporting.run {
      try FeatureStatistics.compute(
        slides: members.map { FeatureStatistics.Slide(name: features.slides[$0.slide].name, category: $0.category) },
        method: method, monitor: monitor
      ) { index in
        let member = members[index]
        guard let rows = member.rows else { return features.usableActivations(of: member.slide) }
        return features.slides[member.slide].stored.features.matrix(of: rows)
      }
    }
    featureNames = features.columnNames
    let counts = parties.categories.filter { used.contains($0) }.map { name in
      "\(name) (\(members.count { $0.category == name }))"
    }
    table = Self.table(
      statistics, featureNames,
      caption: "One-way ANOVA of \(features.featureCount) features by \(parties.name): "
        + counts.joined(separator: ", ").followed(by: basis) + parties.clauses.map { "; " + $0 }.joined()
        + (parties.remark.map { ". \($0)" } ?? ""))
  }

  private static func parties(of features: FeatureSet, by choice: LabelChoice?) throws -> Parties {
    let annotations = features.study.project.annotations
    guard let labels = try features.outcomes(choice) else {
      let column = annotations.outcomeColumns.first { !annotations.isContinuous($0) }
      throw WorkflowFailure(
        "`stats` compares outcomes, and these features were made without any.",
        remedy: "stats outcomes=\(column ?? "COLUMN")", parameter: nil)
    }
    guard case .categorical(let bySlide, let categories) = labels.values else {
      throw WorkflowFailure(
        "`stats` compares categories, and \(labels.column) holds numbers, nearly every slide another.",
        remedy: "outcomes=\(annotations.outcomeColumns.first { !annotations.isContinuous($0) } ?? "COLUMN")",
        parameter: "outcomes")
    }
    let labelled = features.slides.indices.filter { bySlide[features.slides[$0].name] != nil }
    let chosen = labelled.filter { !features.usableRows(of: $0).isEmpty }
    let leftOut = features.notFinite(of: labelled)
    if chosen.isEmpty, leftOut != nil { throw features.nothingFinite(of: labelled) }
    let unlabelled = features.slides.count - labelled.count
    let empty = labelled.count { features.slides[$0].tileCount == 0 }
    return Parties(
      members: chosen.map { Member(slide: $0, category: bySlide[features.slides[$0].name] ?? "", rows: nil) },
      categories: categories, name: labels.column,
      clauses: [
        unlabelled > 0 ? "\(unlabelled.counted("slide")) without a label left out" : nil,
        empty > 0 ? "\(empty.counted("slide")) without tiles left out" : nil, leftOut.map { "left out: \($0)" },
      ].compactMap(\.self), remark: labels.blankPhrase)
  }

  private static func partiesByRegion(of features: FeatureSet) throws -> Parties {
    let regions = try TileRegionLabels(features, parameter: "outcomes")
    let members = features.slides.indices.flatMap { slide -> [Member] in
      let rows = Dictionary(grouping: features.usableRows(of: slide)) { regions.labels[slide][$0] }
      return rows.compactMap { label, rows in label.map { Member(slide: slide, category: $0, rows: rows) } }.sorted {
        $0.category < $1.category
      }
    }
    if members.isEmpty { throw features.nothingFinite() }
    return Parties(
      members: members, categories: regions.names, name: "region",
      clauses: ["tiles: " + regions.summary, features.notFinite().map { "left out: \($0)" }].compactMap(\.self),
      remark: "A slide counts once in each class of its regions, so slides of the tests are not independent.")
  }

  /// Writes slideflow's table of slides into a folder.
  ///
  /// - Returns: its path.
  package func write(toFolder folder: String) throws -> String {
    let path = folder + "/slide_level_summary.csv"
    let names = featureNames.map { "Feature_" + $0 }
    try Reporting.run(parameter: "outdir") {
      try PathResolution.write(Array(statistics.summaryCSV(featureNames: names).utf8), to: path)
    }
    return path
  }

  private static func table(_ statistics: FeatureStatistics, _ names: [String], caption: String) -> DataTable {
    func number(_ value: Double?) -> DataTable.Cell { value.map { .number($0) } ?? .missing }
    return DataTable(
      columns: [
        DataTable.Column("feature"), DataTable.Column("slide F", .number(significantDigits: 4)),
        DataTable.Column("slide p", .pValue), DataTable.Column("slide adjusted p", .pValue),
        DataTable.Column("slide η²", .number(significantDigits: 3)),
        DataTable.Column("tile F", .number(significantDigits: 4)), DataTable.Column("tile p", .pValue),
        DataTable.Column("tile adjusted p", .pValue),
      ],
      rows: statistics.featureOrder.map { feature in
        let slide = statistics.slideTests[feature]
        let tile = statistics.tileTests[feature]
        return [
          .text(names[feature]), number(slide.f), number(slide.p), number(statistics.adjustedSlideP[feature]),
          number(slide.etaSquared), number(tile.f), number(tile.p), number(statistics.adjustedTileP[feature]),
        ]
      }, caption: caption)
  }
}

extension OutcomeComparison.Groups {
  fileprivate var isOfTiles: Bool { if case .regions = self { true } else { false } }
}
