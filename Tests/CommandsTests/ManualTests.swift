import CommandLanguage
import DemoProject
import Foundation
import Commands
import Testing

@Suite("The manual")
struct ManualTests {
  private static let packageFolder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..")
    .standardizedFileURL
  private let manual = CommandSet.registry.manual

  @Test("the reference page is the one that the declarations make; `tessera manual notebooks/commands.md` renews it")
  func referencePage() throws {
    let file = Self.packageFolder.appendingPathComponent("notebooks/commands.md")
    let committed = try String(contentsOf: file, encoding: .utf8)
    let isCurrent = committed == manual.completePage()
    #expect(isCurrent, "notebooks/commands.md is stale: run `tessera manual notebooks/commands.md`")
  }

  @Test("every call of slideflow's page on layer activations has a row, and what no command claims is not there yet")
  func referenceRows() {
    let rows = manual.referenceRows()
    let calls = [
      "Project.generate_features", "DatasetFeatures", "Project.dataset", "Dataset.labels",
      "DatasetFeatures.activations", "DatasetFeatures.logits", "DatasetFeatures.locations",
      "DatasetFeatures.logits_mean", "DatasetFeatures.logits_predict", "DatasetFeatures.stats",
      "DatasetFeatures.box_plots", "Features", "Features(batch)", "WSI", "Features(slide)", "Project.generate_mosaic",
      "Mosaic.save", "Mosaic.slide_map", "SlideMap.save", "SlideMap.label_by_slide", "SlideMap.save_3d_plot",
    ]
    let claimed = Set(CommandSet.registry.commands.flatMap(\.declaration.referenceNames))
    for call in calls {
      guard let row = rows.first(where: { $0.call == call }) else {
        Issue.record("\(call) has no row")
        continue
      }
      let isThere = claimed.contains(call) || call == "Mosaic.slide_map"
      #expect((row.lines != nil) == isThere, "\(call)")
    }
  }

  @Test("every row of the table is a line that is written right")
  func rowsParse() {
    for row in manual.referenceRows() {
      for line in (row.lines ?? []) + (row.nearest.map { [$0] } ?? []) {
        #expect(Lines.isComplete(line), "\(row.call): \(line)")
      }
    }
  }

  @Test("help lists by topic, explains a command, and lays slideflow's calls beside the commands")
  func help() throws {
    let study = try SmallStudy()
    #expect(study.run("help").text.contains("Coming from slideflow: help slideflow."))
    #expect(study.run("help stats").text.contains("In slideflow: DatasetFeatures.stats"))
    let table = study.run("help slideflow").text
    #expect(table.contains("stats outdir=/outdir method=mean") || table.contains("stats f outdir=/outdir method=mean"))
  }
}

private enum Lines {
  static func isComplete(_ line: String) -> Bool {
    CommandInterpreter(registry: CommandSet.registry, files: LocalFiles()).isComplete(line) == .complete
  }
}
