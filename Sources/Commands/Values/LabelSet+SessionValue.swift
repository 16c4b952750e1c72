package import CommandLanguage
import Workflows

extension LabelSet: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Labels"), phrase: "labels", summary: "One label for each slide.", preposition: "by", standsFor: .column,
    savedAs: fileExtensions)

  package var valueIdentity: String? { identity }
  package var knownNames: KnownNames { dataset.knownNames }

  package func show(in output: any OutputSink) {
    output.show(table: table, maximumRows: 20)
    output.add(remarks)
  }
}
