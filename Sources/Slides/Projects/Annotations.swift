package import FeatureData

/// The annotations of a project: a row for each slide, columns of outcomes, all read as text.
package struct Annotations: Sendable, Equatable {
  package static let patientColumn = "patient"
  package static let slideColumn = "slide"

  package let path: String
  /// Those that have a name, in the order of the file; also `slide` where it was filled in.
  package let columns: [String]
  /// In the order of the file.
  package let slides: [String]
  /// What was passed over or filled in.
  package let notes: [AnnotationNote]
  /// By the name of the column; a value for each of `slides`.
  private let contents: [String: AnnotationColumn]
  private let lines: [Int]
  private let indexBySlide: [String: Int]

  /// All columns but the names of slide and patient.
  package var outcomeColumns: [String] { columns.filter { $0 != Self.slideColumn && $0 != Self.patientColumn } }

  /// Needs a column `patient`, and one row for each slide.
  ///
  /// - Parameter slideNames: the slides that there are files of. They are asked for when no row names a slide: then
  ///   every file whose name holds a patient's id gets the patient's row.
  package init(_ table: CSVTable, slideNames: () -> [String] = { [] }) throws(ProjectError) {
    guard let patientColumn = table.columns.firstIndex(of: Self.patientColumn) else {
      throw .missingColumn(path: table.path, name: Self.patientColumn, found: table.columns.filter { !$0.isEmpty })
    }
    let rows = AnnotationRows(
      table, patientOfRow: { AnnotationRows.patient(table, row: $0, column: patientColumn) }, slideNames: slideNames)
    try self.init(table, rows)
  }

  /// A table of one's own, joined to a project's annotations by its column `slide`, or by `patient` without one.
  package init(_ table: CSVTable, joinedTo project: Annotations) throws(ProjectError) {
    if table.columns.contains(Self.slideColumn) {
      let patientColumn = table.columns.firstIndex(of: Self.patientColumn)
      let rows = AnnotationRows(
        table, patientOfRow: { AnnotationRows.patient(table, row: $0, column: patientColumn) }, slideNames: { [] })
      try self.init(table, rows)
    } else if let patientColumn = table.columns.firstIndex(of: Self.patientColumn) {
      let slides = Dictionary(grouping: project.slides) { project.patient(of: $0) ?? "" }
      let rows = AnnotationRows(
        table, patientOfRow: { AnnotationRows.patient(table, row: $0, column: patientColumn) }, slidesByPatient: slides)
      try self.init(table, rows)
    } else {
      throw .missingColumn(path: table.path, name: Self.slideColumn, found: table.columns.filter { !$0.isEmpty })
    }
  }

  private init(_ table: CSVTable, _ rows: AnnotationRows) throws(ProjectError) {
    let kept = try rows.unique(in: table)
    guard !kept.isEmpty else { throw rows.nothingFound(in: table) }
    path = table.path
    slides = kept.slides
    lines = kept.rows.map { table.line(of: $0) }
    indexBySlide = kept.indexBySlide
    var names = table.columns.filter { !$0.isEmpty }
    var contents: [String: AnnotationColumn] = [:]
    for (column, name) in table.columns.enumerated() where !name.isEmpty {
      contents[name] =
        name == Self.slideColumn
        ? AnnotationColumn(unique: slides)
        : AnnotationColumn(
          kept.rows.map { table.field(row: $0, column: column) }, allowsDecimalComma: table.mayHaveDecimalCommas)
    }
    if contents[Self.slideColumn] == nil {
      names.insert(Self.slideColumn, at: (names.firstIndex(of: Self.patientColumn) ?? -1) + 1)
      contents[Self.slideColumn] = AnnotationColumn(unique: slides)
    }
    columns = names
    self.contents = contents
    notes =
      table.notes.map(AnnotationNote.table) + rows.notes + kept.notes
      + (names.contains(Self.patientColumn) && !kept.withoutPatient.isEmpty
        ? [.slidesWithoutPatient(kept.withoutPatient)] : [])
      + Self.notes(on: names.filter { $0 != Self.slideColumn && $0 != Self.patientColumn }, contents)
  }

  /// What is to be said of how the values of columns are read.
  private static func notes(on columns: [String], _ contents: [String: AnnotationColumn]) -> [AnnotationNote] {
    var notes: [AnnotationNote] = []
    let commas = columns.filter { contents[$0]?.numberStyle == .comma }
    if !commas.isEmpty { notes.append(.decimalCommas(columns: commas)) }
    for column in columns {
      guard case .ambiguous(let value)? = contents[column]?.numberStyle else { continue }
      notes.append(.ambiguousCommas(column: column, value: value))
    }
    for column in columns {
      notes += (contents[column]?.nearValues ?? []).map { .nearValues(column: column, values: $0) }
    }
    let doubtful = columns.flatMap { column in
      (contents[column]?.doubtfulValues ?? []).map { DoubtfulValue(column: column, value: $0.value, count: $0.count) }
    }
    if !doubtful.isEmpty { notes.append(.doubtfulValues(doubtful)) }
    return notes
  }

  package func contains(slide: String) -> Bool { indexBySlide[slide] != nil }

  /// The text in a column, empty where it is blank; nil for a slide without a row.
  /// - Throws: `unknownColumn`.
  package func value(of column: String, slide: String) throws(ProjectError) -> String? {
    let content = try content(of: column)
    return indexBySlide[slide].map { content[$0] }
  }

  /// The patient of a slide, which is one of its own where its row names none; nil for a slide without a row, or a table
  /// without patients.
  package func patient(of slide: String) -> String? {
    guard let content = contents[Self.patientColumn], let index = indexBySlide[slide] else { return nil }
    return content.isBlank(index) ? slide : content[index].withoutOuterBlanks
  }

  /// True if a slide has one of the values in a column. A patient of TCGA is also found by the twelve characters that
  /// all names of its samples and slides begin with.
  package func matches(slide: String, column: String, values: [String]) throws(ProjectError) -> Bool {
    let value = try value(of: column, slide: slide) ?? ""
    if values.contains(value) { return true }
    guard column == Self.patientColumn else { return false }
    return [value, slide].compactMap(Self.shortName).contains { values.contains($0) }
  }

  /// True if a slide has one of the values of a filter.
  package func matches(_ slide: String, _ filter: Dataset.Filter) throws(ProjectError) -> Bool {
    try matches(slide: slide, column: filter.column, values: filter.values)
  }

  /// True if a slide is blank in a column, or not in the annotations.
  package func isBlank(_ slide: String, in column: String) throws(ProjectError) -> Bool {
    Self.isBlank(try value(of: column, slide: slide) ?? "")
  }

  /// The first twelve characters of a longer name of TCGA, which stand for the patient.
  package static func shortName(of name: String) -> String? {
    name.hasPrefix("TCGA-") && name.utf8.count > 12 ? String(name.prefix(12)) : nil
  }

  /// How many different values a column has, blank ones included; 0 where there is no such column.
  package func distinctCount(of column: String) -> Int { contents[column]?.distinctCount ?? 0 }

  /// The values that occur in a column, in their natural order, with the number of slides of each; blanks are left out.
  package func counts(of column: String) throws(ProjectError) -> [(value: String, count: Int)] {
    try content(of: column).counts
  }

  /// How many slides are blank in a column, by what stands there, such as "NA"; "" for nothing.
  package func blanks(of column: String) -> [String: Int] { contents[column]?.blanks ?? [:] }

  /// The smallest and the largest number of a column of numbers.
  package func range(of column: String) -> ClosedRange<Double>? {
    guard let content = contents[column], content.isNumeric else { return nil }
    let numbers = content.counts.compactMap { content.number(of: $0.value) }
    return numbers.min().flatMap { low in numbers.max().map { low...$0 } }
  }

  /// One label for each of the slides given; those blank in the column have none.
  ///
  /// - Parameter useFloat: read the labels as numbers.
  /// - Throws: `unknownColumn`; `noNumber` for the first value that is none.
  package func labels(
    _ column: String, slides: [String], useFloat: Bool
  ) throws(ProjectError) -> SlideLabels {
    let content = try content(of: column)
    let known = slides.compactMap { slide in indexBySlide[slide].map { (slide: slide, index: $0) } }
    let labelled = known.filter { !content.isBlank($0.index) }
    let blanks = Dictionary(
      known.filter { content.isBlank($0.index) }.map { (content.written($0.index), 1) }, uniquingKeysWith: +)
    if useFloat {
      var bySlide: [String: Double] = [:]
      for (slide, index) in labelled {
        guard let number = content.number(index) else {
          throw .noNumber(path: path, line: lines[index], column: column, slide: slide, value: content[index])
        }
        bySlide[slide] = number
      }
      return SlideLabels(column: column, values: .continuous(bySlide: bySlide), blanks: blanks)
    }
    let bySlide = Dictionary(labelled.map { ($0.slide, content[$0.index]) }) { first, _ in first }
    return SlideLabels(
      column: column,
      values: .categorical(bySlide: bySlide, categories: NaturalOrder.sorted(Set(bySlide.values))), blanks: blanks)
  }

  /// Patients whose slides have different values in a column, blanks apart.
  package func conflicts(in column: String, slides: [String]) throws(ProjectError) -> [PatientConflict] {
    let content = try content(of: column)
    var byPatient: [String: [(slide: String, value: String)]] = [:]
    for slide in slides {
      guard let index = indexBySlide[slide], !content.isBlank(index), let patient = patient(of: slide) else { continue }
      byPatient[patient, default: []].append((slide, content[index]))
    }
    return byPatient.filter { Set($0.value.map(\.value)).count > 1 }.sorted { $0.key < $1.key }.map { patient, labels in
      PatientConflict(patient: patient, column: column, slides: labels.map(\.slide), values: labels.map(\.value))
    }
  }

  /// True if every value of the column that is not blank reads as a number, and there is one.
  package func isNumeric(_ column: String) -> Bool { contents[column]?.isNumeric ?? false }

  /// True for a column of numbers that are no categories: more than six different ones, or another for each slide.
  package func isContinuous(_ column: String) -> Bool {
    guard isNumeric(column), let counts = try? counts(of: column) else { return false }
    return counts.count > 6 || (counts.count > 2 && counts.allSatisfy { $0.count == 1 })
  }

  /// Blank is what slideflow 3 reads as blank: nothing, blanks, or a text such as NA.
  package static func isBlank(_ text: String) -> Bool { text.isBlankCell }

  private func content(of column: String) throws(ProjectError) -> AnnotationColumn {
    guard let content = contents[column] else { throw .unknownColumn(name: column, known: columns) }
    return content
  }
}
