import Slides

extension Study {
  /// What the annotations say of slides or patients that a table has rows for, "" where they say nothing; nil without such a
  /// column.
  ///
  /// - Parameter arePatients: a patient has each value of its slides.
  package func values(of column: String, for names: [String], arePatients: Bool) -> [String]? {
    let annotations = project.annotations
    guard annotations.columns.contains(column) else { return nil }
    guard arePatients else {
      return names.map { name in
        let value = ((try? annotations.value(of: column, slide: name)) ?? nil) ?? ""
        return Annotations.isBlank(value) ? "" : value
      }
    }
    let patients = Dictionary(PatientSlides.grouped(annotations.slides, annotations).map { ($0.name, $0) }) { $1 }
    return names.map { patients[$0]?.text(of: column, annotations) ?? "" }
  }
}
