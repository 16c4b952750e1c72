package import CommandLanguage
import FeatureData
import Rendering
import Slides
import Workflows

extension StudySlide: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Slide"), phrase: "a slide", summary: "A whole-slide image, with its tile grid.", preposition: "of",
    standsFor: .slide)

  package var valueIdentity: String? { identity }

  package var knownNames: KnownNames {
    var known = KnownNames(
      names: [NameKind.slide.key: [slide.name]],
      counts: selection.map { [NameKind.slide.key: [slide.name: $0.verdicts.count { $0 == .kept }]] } ?? [:])
    let ofStudy = study?.derivedNames
    for kind in [NameKind.folder, .project, .store] { known.names[kind.key] = ofStudy?.names(of: kind) }
    return known
  }

  package func show(in output: any OutputSink) {
    output.show(table: table)
    output.add(remarks)
    do {
      output.show(
        picture: try figure.inlinePNG(byteLimit: PictureValue.photographByteLimit),
        text: "Slide \(slide.name). " + (footer ?? ""))
    } catch {
      output.warn("The slide cannot be shown. \(error.sentence)")
    }
    output.add(pictureRemarks)
  }
}
