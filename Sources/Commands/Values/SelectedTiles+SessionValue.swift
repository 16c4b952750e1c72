package import CommandLanguage
import FeatureData
import Rendering
import Workflows

extension SelectedTiles: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Selection"), phrase: "a selection",
    summary: "Some of the tiles of features, and the rule that chose them.",
    coercesTo: [FeatureMap.type, FeatureSet.type, StudyDataset.type], standsFor: .column, savedAs: fileExtensions)

  package var shape: String { "\(tileCount.counted("tile")) of \(total)" }
  package var valueIdentity: String? { identity }
  package var memberNames: [String] { ["composition"] }

  package var knownNames: KnownNames { features.knownNames }

  package func coerced(to type: ValueType) -> (any SessionValue)? {
    switch type {
    case FeatureMap.type: restrictedMap
    case FeatureSet.type: try? restrictedFeatures()
    case StudyDataset.type: (try? dataset()) ?? nil
    default: nil
    }
  }

  package func member(_ name: String) -> (any SessionValue)? {
    guard name == "composition" else { return nil }
    let table = composition
    return TableValue(
      whole: { table }, shown: table, shownRows: 20, shape: table.rows.count.counted("row"), names: knownNames)
  }

  package func show(in output: any OutputSink) {
    output.show(table: composition, maximumRows: 20, more: "`table VALUE.composition top=…` shows all")
    var request = TileSheet.Request()
    request.count = 21
    do {
      let sheet = try TileSheet(of: self, request, remarks: OutputRemarks(output), monitor: SilentMonitor())
      output.show(
        picture: try sheet.figure.inlinePNG(byteLimit: PictureValue.photographByteLimit), text: sheet.text)
    } catch {
      output.note("Its tiles are not shown. \(error.sentence)")
    }
  }
}
