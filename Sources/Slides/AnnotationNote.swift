/// What was passed over or filled in when annotations were read.
package enum AnnotationNote: Sendable, Equatable {
  /// Rows that name no slide, as of patients who have none.
  case rowsWithoutSlide(lines: [Int])
  /// Rows that repeat an earlier one word for word.
  case repeatedRows(lines: [Int])
  /// The table names no slide: they were found by the patients' ids in the names of files.
  case slidesFilled(
    slideCount: Int, patientsWithout: [String], patientsWithSeveral: [String], slidesOfSeveral: [String])
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
