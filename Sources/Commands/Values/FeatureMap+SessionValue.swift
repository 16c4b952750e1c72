package import CommandLanguage
import FeatureData
import Rendering
import Workflows

extension FeatureMap: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Map"), phrase: "a map", summary: "Tiles or slides laid out in two dimensions.",
    savedAs: fileExtensions)

  package var knownNames: KnownNames { features.knownNames }

  package func show(in output: any OutputSink) {
    do {
      let figure = try figure(title: nil)
      output.show(
        picture: try figure.inlinePNG(style),
        text: ([sentence, caption] + figure.notes).joined(separator: " "))
      for detail in details { output.note(detail) }
      for warning in warnings { output.warn(warning) }
    } catch {
      output.warn("The map cannot be shown. \(error.sentence)")
    }
  }
}
