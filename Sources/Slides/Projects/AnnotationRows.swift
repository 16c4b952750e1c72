import FeatureData

/// Which rows of a table are of which slide and patient.
struct AnnotationRows {
  struct Entry {
    let row: Int
    let slide: String
    let patient: String
  }

  private(set) var entries: [Entry] = []
  private(set) var notes: [AnnotationNote] = []
  /// True if the slides were looked for among the names of files.
  private let wereFilled: Bool

  /// Patients without a slide whose ids nearly are the names of files.
  private var nearPatients: [NearName] = []

  /// - Parameter slideNames: asked for when no row names a slide.
  init(_ table: CSVTable, patientOfRow: (Int) -> String, slideNames: () -> [String]) {
    let column = table.columns.firstIndex(of: Annotations.slideColumn)
    let named = column.map { column in
      (0..<table.rowCount).map { table.field(row: $0, column: column).withoutOuterBlanks }
    }
    if let named, named.contains(where: { !$0.isBlankCell }) {
      wereFilled = false
      var blankLines: [Int] = []
      for (row, slide) in named.enumerated() {
        if slide.isBlankCell {
          blankLines.append(table.line(of: row))
        } else {
          entries.append(Entry(row: row, slide: slide, patient: patientOfRow(row)))
        }
      }
      if !blankLines.isEmpty { notes = [.rowsWithoutSlide(lines: blankLines)] }
      return
    }
    wereFilled = true
    let patients = (0..<table.rowCount).map(patientOfRow)
    let names = slideNames()
    let found = SlideNameMatching.slides(ofPatients: patients, among: names)
    entries = Self.entries(patients, slidesByPatient: found.byPatient)
    let different = Set(patients).filter { !$0.isEmpty }.sorted()
    notes = [
      .slidesFilled(
        slideCount: Set(entries.map(\.slide)).count,
        patientsWithout: different.filter { found.byPatient[$0] == nil },
        patientsWithSeveral: different.filter { (found.byPatient[$0] ?? []).count > 1 },
        slidesOfSeveral: found.ambiguous)
    ]
    nearPatients = NearName.pairs(
      different.filter { found.byPatient[$0] == nil }, Set(names).subtracting(entries.map(\.slide)))
    if !nearPatients.isEmpty { notes.append(.nearPatients(nearPatients, of: "slides with a file")) }
    if let other = table.columns.first(where: { $0 != Annotations.slideColumn && $0.lowercased().hasPrefix("slide") }) {
      notes.append(.otherSlideColumn(other))
    }
  }

  /// The patient in a row; empty where it is blank, as where NA stands there.
  static func patient(_ table: CSVTable, row: Int, column: Int?) -> String {
    guard let column else { return "" }
    let name = table.field(row: row, column: column).withoutOuterBlanks
    return name.isBlankCell ? "" : name
  }

  /// The rows of patients, for all slides of each.
  init(_ table: CSVTable, patientOfRow: (Int) -> String, slidesByPatient: [String: [String]]) {
    wereFilled = false
    let patients = (0..<table.rowCount).map(patientOfRow)
    entries = Self.entries(patients, slidesByPatient: slidesByPatient)
    nearPatients = NearName.pairs(
      Set(patients).filter { slidesByPatient[$0] == nil }, Set(slidesByPatient.keys).subtracting(patients))
    if !nearPatients.isEmpty { notes.append(.nearPatients(nearPatients, of: "the annotations")) }
  }

  /// An entry for each slide of each row's patient. A patient's second row is compared with the first by one slide: all
  /// would tell the same, and many rows of a patient with many slides would be very many entries.
  private static func entries(_ patients: [String], slidesByPatient: [String: [String]]) -> [Entry] {
    var entries: [Entry] = []
    var seen: Set<String> = []
    for (row, patient) in patients.enumerated() where !patient.isEmpty {
      guard let slides = slidesByPatient[patient] else { continue }
      for slide in seen.insert(patient).inserted ? slides[...] : slides.prefix(1) {
        entries.append(Entry(row: row, slide: slide, patient: patient))
      }
    }
    return entries
  }

  /// Why a table says nothing of any slide.
  func nothingFound(in table: CSVTable) -> ProjectError {
    wereFilled
      ? .noSlideMatches(
        path: table.path, columns: table.columns,
        patient: firstPatient(in: table), near: nearPatients)
      : .noRowOfProject(path: table.path, near: nearPatients)
  }

  private func firstPatient(in table: CSVTable) -> String {
    let column = table.columns.firstIndex(of: Annotations.patientColumn)
    return (0..<table.rowCount).lazy.map { Self.patient(table, row: $0, column: column) }.first { !$0.isEmpty } ?? ""
  }

  struct Unique {
    var rows: [Int] = []
    var slides: [String] = []
    var indexBySlide: [String: Int] = [:]
    var notes: [AnnotationNote] = []

    /// Slides whose row names no patient.
    var withoutPatient: [String] = []

    var isEmpty: Bool { slides.isEmpty }
  }

  /// One row for each slide: a row that stands there twice counts once; rows that differ are an error.
  func unique(in table: CSVTable) throws(ProjectError) -> Unique {
    var kept = Unique()
    var patients: [String] = []
    var repeated: [Int] = []
    kept.indexBySlide.reserveCapacity(entries.count)
    for entry in entries {
      guard let first = kept.indexBySlide[entry.slide] else {
        kept.indexBySlide[entry.slide] = kept.slides.count
        kept.slides.append(entry.slide)
        kept.rows.append(entry.row)
        patients.append(entry.patient)
        continue
      }
      let lines = (table.line(of: kept.rows[first]), table.line(of: entry.row))
      guard patients[first] == entry.patient || patients[first].isEmpty || entry.patient.isEmpty else {
        throw .slideOfTwoPatients(
          path: table.path, slide: entry.slide, firstPatient: patients[first], firstLine: lines.0,
          patient: entry.patient, line: lines.1)
      }
      let differences = table.differences(kept.rows[first], entry.row)
      guard differences.isEmpty else {
        throw .duplicateSlide(
          path: table.path, slide: entry.slide, firstLine: lines.0, line: lines.1, differing: differences)
      }
      repeated.append(lines.1)
    }
    if !repeated.isEmpty { kept.notes = [.repeatedRows(lines: repeated)] }
    kept.withoutPatient = zip(kept.slides, patients).filter { $1.isEmpty }.map(\.0)
    return kept
  }
}
