/// What was passed over or filled in when annotations were read.
package enum AnnotationNote: Sendable, Equatable {
  /// Rows that name no slide, as of patients who have none.
  case rowsWithoutSlide(lines: [Int])
  /// Rows that repeat an earlier one word for word.
  case repeatedRows(lines: [Int])
  /// Slides whose rows name no patient.
  case slidesWithoutPatient([String])
  case table(TableNote)
  /// Columns of numbers with a decimal comma.
  case decimalCommas(columns: [String])
  /// A column of numbers whose commas can be decimal ones or not, and the first of them.
  case ambiguousCommas(column: String, value: String)
  /// Values that may be meant as none, and are values.
  case doubtfulValues([DoubtfulValue])
  /// Patients of the table that nearly have the names of others, and whose these are, such as "slide files".
  case nearPatients([NearName], of: String)
  /// A column that seems to hold the slides, where the one named "slide" does not.
  case otherSlideColumn(String)
  /// Values of a column that are one but for how they are written.
  case nearValues(column: String, values: [String])
  /// The table names no slide: they were found by the patients' ids in the names of files.
  case slidesFilled(
    slideCount: Int, patientsWithout: [String], patientsWithSeveral: [String], slidesOfSeveral: [String])
}

/// A value such as "na" or "-", which slideflow takes for one like any other.
package struct DoubtfulValue: Sendable, Equatable {
  package let column: String
  package let value: String
  /// Slides that have it.
  package let count: Int
}

/// A patient whose slides have different labels.
package struct PatientConflict: Sendable, Equatable {
  package let patient: String
  package let column: String
  package let slides: [String]
  /// Parallel to `slides`.
  package let values: [String]

  package init(patient: String, column: String, slides: [String], values: [String]) {
    self.patient = patient
    self.column = column
    self.slides = slides
    self.values = values
  }
}

extension AnnotationNote {
  /// One sentence or more, without the file's name.
  package var sentence: String {
    switch self {
    case .rowsWithoutSlide(let lines):
      return lines.count == 1
        ? "1 row names no slide and is passed over (line \(lines[0]))."
        : "\(lines.count) rows name no slide and are passed over (lines \(Self.list(lines.map(String.init))))."
    case .repeatedRows(let lines):
      return lines.count == 1
        ? "Line \(lines[0]) repeats an earlier row and counts once."
        : "\(lines.count) rows repeat earlier ones and count once (lines \(Self.list(lines.map(String.init))))."
    case .slidesWithoutPatient(let slides):
      return slides.count == 1
        ? "Slide \(slides[0]) has no patient, and counts as one of its own."
        : "\(slides.count) slides have no patient, and each counts as one of its own (\(Self.list(slides)))."
    case .table(let note): return note.sentence
    case .decimalCommas(let columns):
      return "Numbers of \(Self.list(columns)) are written with decimal commas, and are read as numbers."
    case .ambiguousCommas(let column, let value):
      return "\"\(value)\" in \(column) can be a decimal number or thousands, so the column is read as texts; "
        + "write its numbers with a decimal point."
    case .doubtfulValues(let values):
      let list = values.prefix(5).map { "\"\($0.value)\" in \($0.column) (\($0.count))" }.joined(separator: ", ")
      return "Values that may mean that there is none count as values, as in slideflow: \(list)"
        + (values.count > 5 ? ", …; " : "; ") + "leave such cells empty, or write NA, if they do."
    case .nearPatients(let pairs, let others):
      return NearName.sentences(pairs, "of patients", otherPlace: others).joined(separator: " ")
    case .otherSlideColumn(let column):
      return "The column \(column) is not taken for the slides; if it holds their names, call it \"slide\"."
    case .nearValues(let column, let values):
      return "Values of \(column) that are only written differently count as different ones: "
        + values.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ") + "."
    case .slidesFilled(let count, let without, let several, let ambiguous):
      var text = "No row names a slide: \(count) were found by the patients' ids in the names of files."
      if !without.isEmpty { text += " Patients without a file: \(without.count) (\(Self.list(without)))." }
      if !several.isEmpty {
        text += " Patients with several, whose row counts for each of them: \(several.count) (\(Self.list(several)))."
      }
      if !ambiguous.isEmpty {
        text += " Files that fit several patients, and are left out: \(ambiguous.count) (\(Self.list(ambiguous)))."
      }
      return text
    }
  }

  static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}

extension PatientConflict {
  package var sentence: String {
    let labels = zip(slides, values).prefix(5).map { "\($0) is \($1)" }.joined(separator: ", ")
    return "Patient \(patient) has different values of \(column): \(labels)\(slides.count > 5 ? ", …" : "")."
  }
}
