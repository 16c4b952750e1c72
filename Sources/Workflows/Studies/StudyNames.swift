package import Slides

/// The names that annotations hold: columns, what occurs in them and how often, and slides.
package struct StudyNames: Sendable {
  package let columns: [String]
  package let slides: [String]
  /// By column, what can be asked for, in its natural order; columns with very many values have none.
  package let values: [String: [String]]
  /// By column, how many slides have each value.
  package let counts: [String: [String: Int]]

  package init(_ annotations: Annotations) {
    columns = annotations.columns
    slides = annotations.slides
    var values: [String: [String]] = [:]
    var counts: [String: [String: Int]] = [:]
    for column in annotations.columns {
      // Nobody looks through more, and looking them up anew for every cell would take long.
      guard annotations.distinctCount(of: column) <= 50_000, let found = try? annotations.counts(of: column) else {
        continue
      }
      var names = found.map(\.value)
      if column == Annotations.patientColumn {
        // Filters find patients of TCGA by their short names too.
        let short = Set((names + annotations.slides).compactMap(Annotations.shortName))
        names += short.subtracting(names).sorted()
      }
      values[column] = names
      counts[column] = Dictionary(uniqueKeysWithValues: found.map { ($0.value, $0.count) })
    }
    self.values = values
    self.counts = counts
  }

  /// Of annotations on disk, as for a study that is not made yet; nil where they cannot be read.
  package static func ofTable(_ path: String) -> StudyNames? {
    tables.value(for: path) {
      guard let annotations = try? Annotations(CSVTable(path: path)) else { return nil }
      return (StudyNames(annotations), [path])
    }
  }

  /// The columns of a table on disk; nil if it cannot be read.
  package static func columns(ofTable path: String) -> [String]? {
    headers.value(for: path) {
      guard let table = try? CSVTable(path: path) else { return nil }
      return (table.columns.filter { !$0.isEmpty }, [path])
    }
  }

  private static let headers = FileCache<[String]>()
  private static let tables = FileCache<StudyNames>()
}
