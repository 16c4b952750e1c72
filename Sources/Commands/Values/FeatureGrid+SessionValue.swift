package import CommandLanguage
import FeatureData
import Rendering
import Slides
import Workflows

extension FeatureGrid: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Grid"), phrase: "a grid", summary: "Activations over a whole slide, by rows and columns.",
    savedAs: fileExtensions)

  package var knownNames: KnownNames {
    var known = KnownNames(names: [
      NameKind.slide.key: [slide.name], NameKind.layer.key: layers.map(\.layer), NameKind.outcome.key: classNames,
    ])
    known.widths["features"] = layers.count == 1 ? featureCount : nil
    known.widths["logits"] = classNames.isEmpty ? nil : classNames.count
    return known
  }

  package func show(in output: any OutputSink) {
    do {
      let figure = try figure()
      output.show(
        picture: try figure.inlinePNG(byteLimit: PictureValue.photographByteLimit),
        text: "Grid of slide \(slide.name) by \(figure.colouring.label): " + (figure.footer ?? ""))
    } catch {
      output.warn("The grid cannot be shown. \(error.sentence)")
    }
    output.add(remarks)
  }
}
