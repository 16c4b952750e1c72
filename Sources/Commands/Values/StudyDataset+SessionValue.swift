package import CommandLanguage
import Slides
import Workflows

extension StudyDataset: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Dataset"), phrase: "a dataset", summary: "Slides of a project with their tiles at one size.")

  package var valueIdentity: String? { identity }

  package var knownNames: KnownNames {
    var known = study.derivedNames
    known.names[NameKind.slide.key] = dataset.slides.map(\.name)
    known.counts[NameKind.slide.key] = Dictionary(
      uniqueKeysWithValues: dataset.slides.map { ($0.name, dataset.tileCount(of: $0)) })
    return known
  }

  package func show(in output: any OutputSink) {
    output.show(table: table, maximumRows: 20)
    output.add(remarks)
  }
}
