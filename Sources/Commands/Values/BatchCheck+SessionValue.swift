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
    output.show(table: shown)
    output.show(table: crossTable)
    output.note(method)
  }
}
