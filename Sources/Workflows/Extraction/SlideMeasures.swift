import Slides
import Synchronization

/// What a slide's file says of its size, kept without keeping the file open.
struct SlideMeasures: Sendable {
  let path: String
  let levels: [SlideLevel]
  let micronsPerPixel: Double?
  let scaleHint: SlideScale.Hint?
  /// What to type where the file does not say how large its pixels are.
  let scaleRemedy: String?

  init(_ slide: WholeSlideImage) {
    path = slide.path
    levels = slide.levels
    micronsPerPixel = slide.micronsPerPixel
    scaleHint = slide.scaleHint
    var remedy: String?
    do throws(SlideError) { _ = try slide.scale(given: nil) } catch { remedy = error.remedy }
    scaleRemedy = remedy
  }
}

/// The measures of a project's slides, each opened when it is first asked for.
final class ProjectMeasures: Sendable {
  /// By source and name, and the first of each name.
  private let paths: [String: String]
  private let known = Mutex<[String: SlideMeasures?]>([:])

  init(_ project: Project) {
    // Of two files of one name that differ neither tells how large the tiles are.
    let files = project.slideFilesOfEachSource().filter(\.isUnambiguous)
    paths = Dictionary(
      files.map { (Self.key($0.name, $0.source), $0.path) } + files.map { (Self.key($0.name, nil), $0.path) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter source: nil for any.
  /// - Returns: nil where there is no file that can be opened.
  func measures(of slide: String, source: String? = nil) -> SlideMeasures? {
    guard let path = paths[Self.key(slide, source)] else { return nil }
    if let found = known.withLock({ $0[path] }) { return found }
    var measures: SlideMeasures?
    if (try? Probe.check(.slide, path)) != nil { measures = (try? WholeSlideImage(path: path)).map(SlideMeasures.init) }
    known.withLock { $0[path] = .some(measures) }
    return measures
  }

  private static func key(_ slide: String, _ source: String?) -> String { (source ?? "") + "\n" + slide }
}
