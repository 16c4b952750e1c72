import FeatureData
package import Slides

extension SlideScale {
  /// As a clause: "0.25 µm per pixel, as the file says".
  package var words: String {
    let who =
      switch source {
      case .file: "as the file says"
      case .given: "as given"
      case .extraction:
        "as the tiles were cut with" + (contradicting.map { ", though the file says \($0.scaleText)" } ?? "")
      }
    return "\(micronsPerPixel.scaleText) µm per pixel, " + who
  }

  /// The scales of slides, each once, by who says so; slides are named where they are few.
  package static func summary(of scales: [(slide: String, scale: SlideScale)]) -> String? {
    guard !scales.isEmpty else { return nil }
    let parts = [(Source.file, "as the files say"), (.given, "as given"), (.extraction, "as tiles were cut with")]
      .compactMap { source, who -> String? in
        let own = Dictionary(grouping: scales.filter { $0.scale.source == source }) {
          $0.scale.micronsPerPixel.scaleText
        }
        guard !own.isEmpty else { return nil }
        let values = own.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        let shown = values.prefix(5).map { value, slides in
          "\(value) (\(slides.count <= 3 ? slides.map(\.slide).joined(separator: ", ") : slides.count.counted("slide")))"
        }
        return who + " " + shown.joined(separator: ", ") + (values.count > 5 ? ", …" : "")
      }
    return "µm per pixel: " + parts.joined(separator: "; ") + "."
  }

  /// Says of which slides something else is known than was given, and which of the two was believed.
  package static func remarks(on scales: [(slide: String, scale: SlideScale)]) -> [String] {
    let overruled = scales.compactMap { slide, scale -> String? in
      guard let given = scale.overruled else { return nil }
      let own = (scale.source == .extraction ? "was cut at " : "says ") + scale.micronsPerPixel.scaleText
      return "\(slide) \(own) µm per pixel: \(given.scaleText) was not used"
    }
    let doubted = scales.compactMap { slide, scale -> String? in
      let likely = scale.doubt?.micronsPerPixel.scaleText ?? ""
      let own: String
      switch scale.doubt {
      case .objective(let power)?: own = "its \(power.shortText)x objective would make it \(likely)"
      case .resolution?: own = "the resolution in its file makes it \(likely)"
      case .tags?: own = "its TIFF's resolution tags make it \(likely)"
      case nil: return nil
      }
      return "\(slide) has \(scale.micronsPerPixel.scaleText) µm per pixel as given, and \(own)"
    }
    return [
      list(overruled, of: "mpp differs from what \(overruled.count) slides say themselves."),
      list(doubted, of: "mpp is far from what the files of \(doubted.count) slides make likely."),
    ].compactMap(\.self)
  }

  private static func list(_ clauses: [String], of sum: String) -> String? {
    guard !clauses.isEmpty else { return nil }
    return (clauses.count > 1 ? sum + " " : "") + clauses.prefix(5).joined(separator: "; ")
      + (clauses.count > 5 ? "; …" : ".")
  }
}

extension Double {
  /// A size of a pixel, with five digits behind the point at most: 0.2526 and 0.25256 are different slides.
  package var scaleText: String { ((self * 1e5).rounded() / 1e5).description.replacing(/\.0$/, with: "") }
}
