package import CommandLanguage
import FeatureData
import Rendering
package import Workflows

/// A live view of a map with its tiles and slides, and the picture that stands in for it.
package final class ExplorationView: TypedValue, Saveable, LiveView {
  package static let declaration = ValueTypeDeclaration(
    ValueType("View"), phrase: "a view",
    summary: "A map linked with its tiles and slides, live where the front end can.",
    coercesTo: [FeatureMap.type], savedAs: fileExtensions)
  package static let fileExtensions = ["html"] + PictureFormat.allCases.map(\.rawValue)

  let exploration: Exploration
  let subject: ExploredSubject
  /// What the map is coloured by first; nil for nothing.
  let first: ColourChoice?
  let tileByteLimit: Int
  let workspace: Workspace
  private let picture: PictureValue
  private let answers: ExplorationAnswers

  init(
    _ exploration: Exploration, subject: ExploredSubject, first: ColourChoice?, tileByteLimit: Int, style: FigureStyle,
    basis: String?, workspace: Workspace
  ) throws {
    self.exploration = exploration
    self.subject = subject
    self.first = first ?? exploration.firstChoice
    self.tileByteLimit = tileByteLimit
    self.workspace = workspace
    let map = exploration.map
    var request = FeatureMap.ViewRequest()
    if let given = exploration.given { request.highlight = .groups(given.groups(name: "selection"), name: "selection") }
    let named = MapView.Subject(map, name: subject.name ?? "map")
    let (figure, text) = try MapView([named], by: [self.first?.aspect ?? .slide], request).figure(basis: basis)
    picture = try PictureValue(figure, in: style, text: text, names: map.features.knownNames)
    answers = ExplorationAnswers(exploration, subject: subject, first: self.first, workspace: workspace)
  }

  package var shape: String { exploration.map.shape }
  package var byteCount: Int { picture.byteCount }
  package var knownNames: KnownNames { picture.knownNames }
  package func coerced(to type: ValueType) -> (any SessionValue)? { type == FeatureMap.type ? exploration.map : nil }

  package func show(in output: any OutputSink) {
    let inline = picture.inline
    output.show(
      RichOutput(
        text: picture.text,
        picture: RichOutput.Picture(png: inline.bytes, width: inline.cssWidth, height: inline.cssHeight)),
      orLive: self)
    if let sentence = inline.undrawn.sentence { output.warn(sentence) }
  }

  // MARK: The page

  package var title: String { picture.text }
  package var page: LivePage { LivePage(javascript: ExplorationPage.script, styleSheet: ExplorationPage.styleSheet) }
  package func hear(_ question: any ViewQuestion) { answers.hear(question) }
  package func pageClosed() { answers.forget() }

  // MARK: Files

  /// A page that a browser opens without a kernel, or the picture.
  package func save(_ request: SaveRequest) throws -> [String] {
    guard request.fileExtension == "html" else { return try picture.save(request) }
    return try ExplorationPage(exploration, first: first, tileByteLimit: tileByteLimit).save(request)
  }
}
