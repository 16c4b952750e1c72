import FeatureData
import Slides

/// The slides of one patient.
struct PatientSlides {
  let name: String
  let slides: [String]

  /// Sorted by patient, in their natural order.
  static func grouped(_ slides: [String], _ annotations: Annotations) -> [PatientSlides] {
    let groups = Dictionary(grouping: slides) { annotations.patient(of: $0) ?? "" }
    return NaturalOrder.sorted(groups.keys).map { PatientSlides(name: $0, slides: groups[$0] ?? []) }
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
