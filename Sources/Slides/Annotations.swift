import Foundation
package import FeatureData

/// The annotations of a project: a row for each slide, columns of outcomes, all read as text.
package struct Annotations: Sendable, Equatable {
  private let table: CSVTable
  private let rowBySlide: [String: Int]
  /// In the order of the file.
  package let slides: [String]

  package var path: String { table.path }
  package var columns: [String] { table.columns }
  /// All columns but the names of slide and patient.
  package var outcomeColumns: [String] { columns.filter { $0 != "slide" && $0 != "patient" } }

  /// Needs columns `patient` and `slide`, and one row for each slide.
  package init(_ table: CSVTable) throws(ProjectError) {
    self.table = table
    for name in ["patient", "slide"] where !table.columns.contains(name) {
      throw .missingColumn(path: table.path, name: name, found: table.columns)
    }
    let slideColumn = table.columns.firstIndex(of: "slide") ?? 0
    var rowBySlide: [String: Int] = [:]
    var slides: [String] = []
    for (index, row) in table.rows.enumerated() {
      let slide = row.fields[slideColumn]
      guard !slide.isEmpty else { throw .blankSlide(path: table.path, line: row.line) }
      if let first = rowBySlide[slide] {
        throw .duplicateSlide(path: table.path, slide: slide, firstLine: table.rows[first].line, line: row.line)
      }
      rowBySlide[slide] = index
      slides.append(slide)
    }
    self.rowBySlide = rowBySlide
    self.slides = slides
  }

  package func contains(slide: String) -> Bool { rowBySlide[slide] != nil }

  /// The text in a column, nil for a slide without a row.
  /// - Throws: `unknownColumn`.
  package func value(of column: String, slide: String) throws(ProjectError) -> String? {
    let index = try index(of: column)
    return rowBySlide[slide].map { table.rows[$0].fields[index] }
  }

  /// The values that occur in a column, sorted, with the number of slides of each; blanks are left out.
  package func counts(of column: String) throws(ProjectError) -> [(value: String, count: Int)] {
    let index = try index(of: column)
    var counts: [String: Int] = [:]
    for row in table.rows where !Self.isBlank(row.fields[index]) { counts[row.fields[index], default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// One label for each of the slides given; those blank in the column have none.
  ///
  /// - Parameter useFloat: read the labels as numbers.
  /// - Throws: `unknownColumn`; `noNumber` for the first value that is none.
  package func labels(
    _ column: String, slides: [String], useFloat: Bool
  ) throws(ProjectError) -> SlideLabels {
    let index = try index(of: column)
    let labelled = slides.compactMap { slide in rowBySlide[slide].map { (slide, table.rows[$0]) } }
      .filter { !Self.isBlank($0.1.fields[index]) }
    if useFloat {
      var bySlide: [String: Double] = [:]
      for (slide, row) in labelled {
        let text = row.fields[index]
        guard let number = Self.number(text) else {
          throw .noNumber(path: path, line: row.line, column: column, slide: slide, value: text)
        }
        bySlide[slide] = number
      }
      return SlideLabels(column: column, values: .continuous(bySlide: bySlide))
    }
    let bySlide = Dictionary(labelled.map { ($0.0, $0.1.fields[index]) }) { first, _ in first }
    return SlideLabels(
      column: column, values: .categorical(bySlide: bySlide, categories: Set(bySlide.values).sorted()))
  }

  /// True if every value of the column that is not blank reads as a number, and there is one.
  package func isNumeric(_ column: String) -> Bool {
    guard let index = try? index(of: column) else { return false }
    let values = table.rows.map { $0.fields[index] }.filter { !Self.isBlank($0) }
    return !values.isEmpty && values.allSatisfy { Self.number($0) != nil }
  }

  /// True for a column of numbers that are no categories: more than six different ones, or another for each slide.
  package func isContinuous(_ column: String) -> Bool {
    guard isNumeric(column), let counts = try? counts(of: column) else { return false }
    return counts.count > 6 || (counts.count > 2 && counts.allSatisfy { $0.count == 1 })
  }

  /// Blank is what slideflow 3 takes for blank: nothing, blanks, or "nan".
  package static func isBlank(_ text: String) -> Bool {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    return trimmed.isEmpty || trimmed.lowercased() == "nan"
  }

  private static func number(_ text: String) -> Double? {
    Double(text.trimmingCharacters(in: .whitespaces)).flatMap { $0.isFinite ? $0 : nil }
  }

  private func index(of column: String) throws(ProjectError) -> Int {
    guard let index = table.columns.firstIndex(of: column) else {
      throw .unknownColumn(name: column, known: columns)
    }
    return index
  }
}
