import CommandLanguage
import DemoProject
import Foundation
import SessionCommands
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

  @Test("the examples of every command run on a demo project")
  func examplesRun() throws {
    let folder = NSTemporaryDirectory() + "tessera-examples-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try DemoProject.write(to: folder + "/tessera-demo", plan: DemoPlan(slideCount: 4, tileCounts: 5...6))
    // Everything that an example may speak of, under the name that examples use; anew for every command, but for the
    // mosaic, which takes longest to draw.
    let names = "dataset\ndf = features models/hpv.onnx outcomes=HPV_status\nu = slide_map df\ns = stats df"
    let mosaic = "m = mosaic df num_tiles_x=5"
    var cell = ["demo", names, mosaic]
    for command in CommandSet.registry.commands {
      cell += [names] + command.declaration.examples
      if command.declaration.forgetsValues { cell += [names, mosaic] }
    }
    let complaint = try Self.run(cell.joined(separator: "\n"), in: folder)
    #expect(complaint == nil)
  }

  /// Runs a command file in a folder; what the program complains of, nil if nothing.
  private static func run(_ cell: String, in folder: String) throws -> String? {
    try Data(cell.utf8).write(to: URL(fileURLWithPath: folder + "/examples.tsr"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("tessera")
    process.arguments = ["run", "examples.tsr"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let complaints = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = complaints
    try process.run()
    let text = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? nil : text
  }
}

private enum Lines {
  static func isComplete(_ line: String) -> Bool {
    CommandInterpreter(registry: CommandSet.registry, files: LocalFiles()).isComplete(line) == .complete
  }
}
