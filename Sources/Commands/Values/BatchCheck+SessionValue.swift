package import CommandLanguage
import FeatureData
import Rendering
import Workflows

extension BatchCheck: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("BatchCheck"), phrase: "a check of batches",
    summary: "How far features separate by site, compared with by outcome.", savedAs: fileExtensions)

  package func show(in output: any OutputSink) {
    output.show(RichOutput(text: sentence))
    show(figure, text: "\(caption).", in: output)
    output.show(table: shown)
    output.show(table: crossTable)
    if let map { show(try mapFigure(of: map), text: "The map by \(columns).", in: output) }
    output.note(method)
  }

  private func show(_ figure: @autoclosure () throws -> any Figure, text: String, in output: any OutputSink) {
    do {
      output.show(picture: try figure().inlinePNG(style), text: text)
    } catch {
      output.warn("The picture cannot be shown. \(error.sentence)")
    }
  }
}
