import FeatureData
import FeatureStore
import Slides

/// Who is compared: slides or patients, the tiles that each has, and what tells them apart.
package struct ComparedUnits: Sendable {
  /// A slide or a patient; where tiles or slides of one differ in their category, once in each.
  package struct Unit: Sendable {
    /// Some tiles of a slide.
    package struct Tiles: Sendable {
      package let slide: Int
      /// Nil for all that are usable.
      package let rows: [Int]?
    }

    package let name: String
    /// The slide's own name where the annotations name no patient.
    package let patient: String
    /// Its place among the categories; 0 of numbers.
    package let category: Int
    /// Its outcome as a number; 0 of categories.
    package let number: Double
    package let tiles: [Tiles]
  }

  package let units: [Unit]
  /// Of two groups of tiles, the places of a unit's tiles in the first and in the second among the units, where they are compared
  /// within units; nil of independent groups.
  let pairs: [(first: Int, second: Int)]?
  /// True of two groups of tiles.
  let areTileGroups: Bool
  /// Slides with their category, as the reference counts; the units themselves where these are slides.
  let slides: [Unit]
  package let unit: ComparisonRequest.Unit
  /// In the order of the comparison, those with a unit; empty of numbers.
  package let categories: [String]
  /// True where outcomes are numbers.
  package let areNumbers: Bool
  /// Such as "HPV_status".
  let outcome: String
  /// What was left out or is to be known, each a clause.
  let clauses: [String]
  /// A sentence behind the caption.
  let remark: String?
  /// What is not as independent as it may seem, each a sentence.
  let warnings: [String]
  let patientCount: Int

  /// "slide" or "patient".
  package var noun: String { unit.rawValue }
  package var groups: [Int] { units.map(\.category) }
  package var numbers: [Double] { units.map(\.number) }
  func count(of category: Int) -> Int { units.count { $0.category == category } }

  /// Slides that are compared, before patients are made of them.
  private struct Parties {
    var slides: [Unit]
    /// In their natural order.
    let categories: [String]
    let areNumbers: Bool
    let outcome: String
    var clauses: [String]
    let remark: String?
    /// Of tiles in regions of interest, or in groups.
    var isOfTiles = false
    /// Two groups of tiles.
    var compared: ComparedTiles?
  }

  init(_ features: FeatureSet, _ request: ComparisonRequest) throws {
    var parties =
      switch request.groups {
      case .labels(let choice): try Self.parties(of: features, by: choice, request)
      case .regions: try Self.partiesByRegion(of: features)
      case .tiles(let compared): try Self.parties(of: features, compared, request)
      }
    try Self.leaveOutBlanks(in: request.adjust, &parties, features)
    let categories = try Self.choose(parties.compared == nil ? request.between : nil, &parties)
    self.categories = categories
    areNumbers = parties.areNumbers
    outcome = parties.outcome
    let slidesByPatient = Dictionary(grouping: parties.slides, by: \.patient)
      .mapValues { Set($0.flatMap { $0.tiles.map(\.slide) }).count }
    patientCount = slidesByPatient.count
    let severalSlides = slidesByPatient.values.contains { $0 > 1 }
    unit = request.unit ?? (severalSlides ? .patient : .slide)
    let all = unit == .patient ? Self.patients(parties.slides) : parties.slides
    areTileGroups = parties.compared != nil
    if let compared = parties.compared {
      let found = try ComparedPairs(all, compared, noun: unit.rawValue)
      (units, pairs) = (found.units, found.pairs)
      clauses = found.clauses + parties.clauses
      let kept = Set(found.units.map { "\($0.patient)\t\($0.category)" })
      slides = unit == .slide ? found.units : parties.slides.filter { kept.contains("\($0.patient)\t\($0.category)") }
      warnings = compared.warnings + Self.warnings(parties, unit: unit)
      remark = nil
      return
    }
    (units, pairs, slides, clauses) = (all, nil, parties.slides, parties.clauses)
    warnings = Self.warnings(parties, unit: unit)
    remark =
      parties.isOfTiles
      ? "A \(unit.rawValue) counts once in each class of its regions, so \(unit.rawValue)s of the tests are not independent."
      : parties.remark
    guard !areNumbers || !slides.isEmpty else {
      throw WorkflowFailure(
        "No slide with features has a number of \(outcome).",
        remedy: "outcomes=COLUMN, one that slides have a value of",
        parameter: "outcomes")
    }
    guard areNumbers || categories.count > 1 else {
      throw WorkflowFailure(
        "All \(parties.isOfTiles ? "tiles in a region of interest" : "slides with features") have the same \(outcome), "
          + "\(categories.first ?? "blank"); there is nothing to compare."
          + (features.notFinite().map { " Left out: \($0)." } ?? ""),
        remedy: "outcomes=COLUMN, one with several outcomes", parameter: "outcomes")
    }
  }

  /// Leaves out slides that are blank in a column that is accounted for.
  private static func leaveOutBlanks(in columns: [String], _ parties: inout Parties, _ features: FeatureSet) throws {
    let annotations = features.study.project.annotations
    for column in columns {
      let before = parties.slides.count
      try Reporting.run(parameter: "adjust") {
        parties.slides = try parties.slides.filter { slide in
          try !slide.tiles.contains { try annotations.isBlank(features.slides[$0.slide].name, in: column) }
        }
      }
      let blank = before - parties.slides.count
      if parties.slides.isEmpty, blank > 0 {
        throw WorkflowFailure(
          "Every slide that is compared is blank in \(column), which is to be accounted for.", parameter: "adjust")
      }
      if blank > 0 {
        parties.clauses.append("\(blank.counted(parties.isOfTiles ? "part" : "slide")) blank in \(column) left out")
      }
    }
  }

  /// Slides of a patient as one; a patient counts once in each category, and with the mean of differing numbers.
  private static func patients(_ slides: [Unit]) -> [Unit] {
    struct Key: Hashable {
      let patient: String
      let category: Int
    }
    return Dictionary(grouping: slides) { Key(patient: $0.patient, category: $0.category) }.map { key, slides in
      let first = slides[0].number
      let number = first + slides.reduce(0.0) { $0 + ($1.number - first) } / Double(slides.count)
      return Unit(
        name: key.patient, patient: key.patient, category: key.category, number: number, tiles: slides.flatMap(\.tiles))
    }.sorted { ($0.name, $0.category) < ($1.name, $1.category) }
  }

  private static func warnings(_ parties: Parties, unit: ComparisonRequest.Unit) -> [String] {
    let byPatient = Dictionary(grouping: parties.slides, by: \.patient).filter { patient in
      Set(patient.value.flatMap { $0.tiles.map(\.slide) }).count > 1
    }
    var warnings: [String] = []
    if unit == .slide, !byPatient.isEmpty {
      warnings.append(
        "Slides of one patient are not independent, and \(byPatient.count.counted("patient")) "
          + "\(byPatient.count == 1 ? "has" : "have") several here: with `unit=patient` each patient counts once.")
    }
    guard unit == .patient, !parties.isOfTiles else { return warnings }
    if parties.areNumbers {
      let differing = byPatient.filter { Set($0.value.map(\.number)).count > 1 }.keys.sorted()
      if !differing.isEmpty {
        warnings.append(
          "Slides of one patient differ in \(parties.outcome), whose mean counts: \(list(differing)).")
      }
      return warnings
    }
    let split = byPatient.filter { Set($0.value.map(\.category)).count > 1 }.keys.sorted()
    if !split.isEmpty {
      warnings.append(
        "Slides of one patient differ in \(parties.outcome), and the patient counts once in each of its categories: \(list(split)). "
          + "These are not independent.")
    }
    return warnings
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", … (\(names.count))" : "")
  }

  /// Keeps the two categories that are compared, in their order.
  ///
  /// - Returns: the categories that are left, in order; the members' numbers are changed to theirs.
  private static func choose(_ between: [String]?, _ parties: inout Parties) throws(WorkflowFailure) -> [String] {
    if parties.areNumbers {
      guard between == nil else {
        throw WorkflowFailure(
          "`between` takes two categories, and \(parties.outcome) holds numbers.", remedy: "use_float=false",
          parameter: "between")
      }
      return []
    }
    let counts = Dictionary(parties.slides.map { ($0.category, 1) }, uniquingKeysWith: +)
    let used = parties.categories.indices.filter { counts[$0] != nil }
    var chosen = used
    if let between {
      let names = used.map { parties.categories[$0] }
      let offer = names.count > 1 ? "[\(names[0]), \(names[1])]" : nil
      let known = used.map { "\(parties.categories[$0]) (\(counts[$0] ?? 0))" }.joined(separator: ", ")
      if let unknown = between.first(where: { !names.contains($0) }) {
        throw WorkflowFailure(
          "No slide with features has \(parties.outcome) \"\(unknown)\"; the values are \(known).", remedy: offer,
          parameter: "between")
      }
      guard between.count == 2, between[0] != between[1] else {
        throw WorkflowFailure(
          "`between` takes two different categories of \(parties.outcome); there are \(known).", remedy: offer,
          parameter: "between")
      }
      chosen = between.compactMap { name in used.first { parties.categories[$0] == name } }
    }
    let places = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) })
    let others = parties.slides.count { places[$0.category] == nil }
    if others > 0 {
      parties.clauses.append(
        "\(others.counted(parties.isOfTiles ? "part" : "slide")) of other \(parties.outcome) left out")
    }
    parties.slides = parties.slides.compactMap { slide in
      places[slide.category].map {
        Unit(name: slide.name, patient: slide.patient, category: $0, number: slide.number, tiles: slide.tiles)
      }
    }
    return chosen.map { parties.categories[$0] }
  }

  private static func parties(
    of features: FeatureSet, by choice: LabelChoice?, _ request: ComparisonRequest
  ) throws -> Parties {
    let annotations = features.study.project.annotations
    guard let labels = try features.outcomes(choice, useFloat: request.useFloat) else {
      let column = annotations.outcomeColumns.first { !annotations.isContinuous($0) }
      throw WorkflowFailure(
        "`stats` compares outcomes, and these features were made without any.",
        remedy: "stats outcomes=\(column ?? "COLUMN")", parameter: nil)
    }
    let known = labels.slides
    let labelled = features.slides.indices.filter { known.contains(features.slides[$0].name) }
    let chosen = labelled.filter { !features.usableRows(of: $0).isEmpty }
    let leftOut = features.notFinite(of: labelled)
    if chosen.isEmpty, leftOut != nil { throw features.nothingFinite(of: labelled) }
    let unlabelled = features.slides.count - labelled.count
    let empty = labelled.count { features.slides[$0].tileCount == 0 }
    let places = Dictionary(uniqueKeysWithValues: labels.categories.enumerated().map { ($1, $0) })
    let slides = chosen.map { place -> Unit in
      let name = features.slides[place].name
      let (category, number): (Int, Double) =
        switch labels.values {
        case .categorical(let bySlide, _): (bySlide[name].flatMap { places[$0] } ?? 0, 0)
        case .continuous(let bySlide): (0, bySlide[name] ?? 0)
        }
      return Unit(
        name: name, patient: annotations.patient(of: name) ?? name, category: category, number: number,
        tiles: [Unit.Tiles(slide: place, rows: nil)])
    }
    let areNumbers = if case .continuous = labels.values { true } else { false }
    return Parties(
      slides: slides, categories: labels.categories, areNumbers: areNumbers, outcome: labels.column,
      clauses: [
        unlabelled > 0 ? "\(unlabelled.counted("slide")) without a label left out" : nil,
        empty > 0 ? "\(empty.counted("slide")) without tiles left out" : nil, leftOut.map { "left out: \($0)" },
      ].compactMap(\.self), remark: labels.blankPhrase)
  }

  private static func parties(
    of features: FeatureSet, _ compared: ComparedTiles, _ request: ComparisonRequest
  ) throws -> Parties {
    guard request.adjust.isEmpty else {
      throw WorkflowFailure(
        "Tiles are compared within slides or patients, of which each has one value of \(request.adjust[0]), so that there is "
          + "nothing to account for.", parameter: "adjust")
    }
    let annotations = features.study.project.annotations
    let members = features.slides.indices.flatMap { slide -> [Unit] in
      let rows = Dictionary(grouping: features.usableRows(of: slide)) { compared.numbers[slide][$0] }
      let name = features.slides[slide].name
      return (0..<2).compactMap { group in
        rows[Int32(group)].map {
          Unit(
            name: name, patient: annotations.patient(of: name) ?? name, category: group, number: 0,
            tiles: [Unit.Tiles(slide: slide, rows: $0)])
        }
      }
    }
    for group in 0..<2 where !members.contains(where: { $0.category == group }) {
      throw WorkflowFailure(
        "No tile of \(compared.names[group]) has activations that are finite numbers."
          + (features.notFinite().map { " Left out: \($0)." } ?? ""), parameter: "between")
    }
    let counts = (0..<2).map { group in
      members.filter { $0.category == group }.reduce(0) { $0 + ($1.tiles[0].rows?.count ?? 0) }
    }
    return Parties(
      slides: members, categories: compared.names, areNumbers: false, outcome: compared.noun,
      clauses: [
        "tiles: \(compared.names[0]) (\(counts[0])), \(compared.names[1]) (\(counts[1]))",
        features.notFinite().map { "left out: \($0)" },
      ].compactMap(\.self) + compared.clauses, remark: nil, isOfTiles: true, compared: compared)
  }

  private static func partiesByRegion(of features: FeatureSet) throws -> Parties {
    let regions = try TileRegionLabels(features, parameter: "outcomes")
    let annotations = features.study.project.annotations
    let places = Dictionary(uniqueKeysWithValues: regions.names.enumerated().map { ($1, $0) })
    let members = features.slides.indices.flatMap { slide -> [Unit] in
      let rows = Dictionary(grouping: features.usableRows(of: slide)) { regions.labels[slide][$0] }
      let name = features.slides[slide].name
      return rows.compactMap { label, rows in
        label.flatMap { places[$0] }.map {
          Unit(
            name: name, patient: annotations.patient(of: name) ?? name, category: $0, number: 0,
            tiles: [Unit.Tiles(slide: slide, rows: rows)])
        }
      }.sorted { regions.names[$0.category] < regions.names[$1.category] }
    }
    if members.isEmpty { throw features.nothingFinite() }
    return Parties(
      slides: members, categories: regions.names, areNumbers: false, outcome: "region",
      clauses: ["tiles: " + regions.summary, features.notFinite().map { "left out: \($0)" }].compactMap(\.self),
      remark: nil, isOfTiles: true)
  }
}

extension FeatureSet {
  /// The activations of a unit's tiles, slide after slide.
  func activations(of unit: ComparedUnits.Unit) -> Matrix {
    let parts = unit.tiles.map { part in
      part.rows.map { slides[part.slide].stored.features.matrix(of: $0) } ?? usableActivations(of: part.slide)
    }
    guard parts.count != 1 else { return parts[0] }
    return Matrix(
      rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: featureCount, elements: parts.flatMap(\.elements))
  }

  /// Calls with the activations of a unit's tiles, row-major, a slide at a time; they are not copied where all of a slide
  /// are meant.
  func forEachSlide(of unit: ComparedUnits.Unit, _ body: (UnsafeBufferPointer<Float>) -> Void) {
    for part in unit.tiles {
      let stored = slides[part.slide].stored
      if part.rows == nil, stored.notFinite.isEmpty {
        stored.features.withValues(body)
      } else {
        let matrix = part.rows.map { stored.features.matrix(of: $0) } ?? usableActivations(of: part.slide)
        matrix.elements.withUnsafeBufferPointer(body)
      }
    }
  }
}
