import Slides

/// The slides of one patient.
struct PatientSlides {
  let name: String
  let slides: [String]

  /// Sorted by patient.
  static func grouped(_ slides: [String], _ annotations: Annotations) -> [PatientSlides] {
    Dictionary(grouping: slides) { annotations.patient(of: $0) ?? "" }.sorted { $0.key < $1.key }
      .map { PatientSlides(name: $0.key, slides: $0.value) }
  }

  /// The different values of a column, in the order of the slides.
  func text(of column: String, _ annotations: Annotations) -> String {
    var values: [String] = []
    for slide in slides {
      guard let value = (try? annotations.value(of: column, slide: slide)) ?? nil, !Annotations.isBlank(value),
        !values.contains(value)
      else { continue }
      values.append(value)
    }
    return values.joined(separator: " / ")
  }
}
