package import Slides

/// Slides of a study that are to be cut into tiles.
package struct ExtractionPlan: Plan {
  package struct Slide: Codable, Sendable, Hashable {
    package let name: String
    package let source: String
  }

  package let study: StudyPlace
  package let tiles: TilePlan
  package let format: TileExtraction.Format
  /// Nil for tiles as they are.
  package let normalizer: StainNormalizer?
  /// Keeps the tile files that are there.
  package let skipsExtracted: Bool
  /// Of the study's sources those whose slides are looked for; nil for all.
  package let sources: [String]?
  package let slides: [Slide]

  init(_ request: ExtractionRequest, slides: [SlideFile], in study: Study) {
    self.study = StudyPlace(study)
    tiles = request.plan
    format = request.format
    normalizer = request.normalizer
    skipsExtracted = request.skipsExtracted
    sources = request.sources
    self.slides = slides.map { Slide(name: $0.name, source: $0.source) }
  }

  /// The files of its slides, in its order.
  func files(in study: Study) throws(WorkflowFailure) -> [SlideFile] {
    let files = Dictionary(study.project.slideFiles(sources: sources).map { ($0.name, $0) }) { first, _ in first }
    var found: [SlideFile] = []
    for slide in slides {
      guard let file = files[slide.name], file.source == slide.source else {
        throw WorkflowFailure("The file of slide \(slide.name) is not there any more.")
      }
      found.append(file)
    }
    return found
  }
}
