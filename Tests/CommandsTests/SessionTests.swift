import CommandLanguage
import Foundation
import Commands
import Synchronization
import Testing

@Suite("A session")
struct SessionTests {
  let study: SmallStudy

  init() throws { study = try SmallStudy() }

  @Test("project, features, map, mosaic and statistics, the whole way")
  func wholeWay() throws {
    let features = study.open()
    #expect(features.failure == nil)
    #expect(features.text.contains("6 slides, 72 tiles × 12 features: postconv (12)"))
    let map = study.run("u = slide_map df n_neighbors=10")
    #expect(map.failure == nil)
    #expect(map.outputs.first?.picture?.png.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    #expect(map.text.contains("UMAP of 72 tiles × 12 features: n_neighbors 10, min_dist 0.1, cosine, seed 42."))
    #expect(study.run("label u by=[HPV_status, site, feature:3, prediction, slide]").failure == nil)
    let mosaic = study.run("m = mosaic u num_tiles_x=10")
    #expect(mosaic.failure == nil)
    #expect(mosaic.outputs.first?.picture != nil)
    let statistics = study.run("s = stats df outdir='\(study.folder)/out'")
    #expect(statistics.text.contains("One-way ANOVA of 12 features by HPV_status: negative (3), positive (3), on df"))
    let summary = try String(contentsOfFile: study.folder + "/out/slide_level_summary.csv", encoding: .utf8)
    #expect(summary.hasPrefix("slide,category,Feature_"))
  }

  @Test("a map and a mosaic are saved in every form, and what cannot be is refused with what can")
  func saving() throws {
    study.open()
    study.run("m = mosaic df n_neighbors=10 num_tiles_x=5\ns = stats df")
    for file in ["m.png", "m.svg", "m.pdf", "m.csv", "s.csv"] {
      #expect(study.run("save \(file.prefix(1)) '\(study.folder)/\(file)'").failure == nil)
      #expect(try Data(contentsOf: URL(fileURLWithPath: study.folder + "/" + file)).count > 40)
    }
    #expect(study.run("u = m.map\nsave u '\(study.folder)/u.svg'").failure == nil)
    let refused = try #require(study.run("save s '\(study.folder)/s.png'").failure)
    #expect(refused.contains("s.png` should end in .csv or .tsv."))
    #expect(!FileManager.default.fileExists(atPath: study.folder + "/s.png"))
  }

  @Test("a table of tiles shows its beginning and saves the whole")
  func tileTables() throws {
    #expect(study.open().failure == nil)
    let shown = study.run("t = activations df\nsave t '\(study.folder)/t.csv'")
    #expect(shown.text.contains("activations 6 slides, 72 tiles × 12, on df"))
    #expect(shown.text.contains("10 of 72 rows; top=72 shows all") && shown.text.contains("… 4 more"))
    let lines = try String(contentsOfFile: study.folder + "/t.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(lines.count == 73)
    #expect(lines[0].split(separator: ",").count == 14)
    #expect(study.run("locations df slide=S-1 tiles=0..<2").text.contains("locations S-1: (12, 2), on df"))
    #expect(study.run("logits df tiles=[0]").failure == nil)
  }

  @Test("the same statement again answers from the store, with the same text")
  func store() {
    let first = study.open()
    let second = study.run("df = features models/small.onnx outcomes=HPV_status")
    #expect(second.outputs == [first.outputs[1]])
    #expect(study.run("session").text.contains("store"))
  }

  @Test("a map is the same in another session with a store of its own")
  func reproducible() throws {
    study.open()
    study.run("u = slide_map df n_neighbors=10\nsave u '\(study.folder)/1.csv'")
    let other = try SmallStudy()
    other.open()
    other.run("u = slide_map df n_neighbors=10\nsave u '\(other.folder)/1.csv'")
    let read = { (folder: String) in try Data(contentsOf: URL(fileURLWithPath: folder + "/1.csv")) }
    #expect(try read(study.folder) == read(other.folder))
  }

  @Test("filters on features choose what is mapped, filters on a map what is shown")
  func filters() {
    study.open()
    let mapped = study.run("mosaic df filters={site: [A]} n_neighbors=10")
    #expect(mapped.text.contains("Mapped: 3 of 6 slides."))
    #expect(mapped.text.contains("UMAP of 36 tiles"))
    let shown = study.run("u = slide_map df n_neighbors=10\nmosaic u filters={site: [A]}")
    #expect(shown.text.contains("Shown: tiles of 3 of 6 slides; darker cells are places of the others alone."))
    #expect(shown.text.contains("UMAP of 72 tiles"))
  }

  @Test("one point for each slide, by centroid or by average, and a map by predictions")
  func slidePoints() {
    study.open()
    #expect(study.run("slide_map df map_slide=centroid").text.contains("UMAP of 6 centroid tiles"))
    #expect(study.run("slide_map df map_slide=average").text.contains("UMAP of 6 slide averages"))
    #expect(study.run("slide_map df predict_on_axes=[0, 1]").text.contains("72 tiles by predicted probability."))
  }

  @Test(
    "wrong names, numbers and files are refused with the nearest that is right",
    arguments: [
      ("stats df outcomes=HPV_statu", "HPV_status"),
      ("label df by=site", "label"),
      ("slide_map df n_neighbors=1", "n_neighbors"),
      ("features models/smal.onnx", "small.onnx"),
      ("features models/small.onnx layers=[postcon]", "postconv"),
      ("activations df slide=S-9", "S-"),
      ("activations df slide=S-1 tiles=0..<13", "0 to 11"),
      ("activations df columns=[12]", "0 to 11"),
      ("activations df tiles=0..<1000000000000", "0 to 11"),
      ("dataset tile_um=1e300", "tile_um"),
      ("features models/small.onnx layers=[]", "[postconv]"),
      ("dataset tile_px=299 tile_um=302", "16px_16um"),
      ("dataset\nlabels site use_float=true", "which is no number"),
      ("mosaic df predict_on_axes=[0]", "two outcomes"),
      ("stats df outcomes=age test=kruskal", "outcomes=HPV_status"),
      ("stats df threshold=0.5", "method=threshold"),
      ("mosaik df", "mosaic"),
    ])
  func wrong(cell: String, expected: String) throws {
    study.open()
    let failure = try #require(study.run(cell).failure)
    #expect(failure.contains(expected))
  }

  @Test("a damaged record, a cut file and a file of something else cost only themselves")
  func damaged() throws {
    let tiles = study.folder + "/tfrecords/16px_16um/S-"
    func change(_ slide: Int, _ change: (inout Data) -> Void) throws {
      let url = URL(fileURLWithPath: tiles + "\(slide).tfrecords")
      var data = try Data(contentsOf: url)
      change(&data)
      try data.write(to: url)
    }
    try change(0) { $0[$0.count / 2] ^= 0x55 }
    try change(1) { $0 = $0.prefix($0.count - 10) }
    try change(2) { $0 = Data("this is no tile file".utf8) }
    let shown = study.open()
    #expect(shown.failure == nil)
    #expect(shown.notes.contains { $0.contains("S-0.tfrecords: 1 of 12 records could not be used") })
    #expect(shown.notes.contains { $0.contains("S-1.tfrecords: 1 of 12 records could not be used") })
    #expect(shown.notes.contains { $0.contains("S-2") })
    #expect(
      shown.notes == study.run("df = features models/small.onnx outcomes=HPV_status").notes.filter { !$0.isEmpty })
  }

  @Test("tiles that changed since are not drawn in place of those that were mapped")
  func changedTiles() throws {
    study.open()
    study.run("u = slide_map df n_neighbors=10")
    let tiles = study.folder + "/tfrecords/16px_16um/S-"
    let short = try Data(contentsOf: URL(fileURLWithPath: tiles + "1.tfrecords"))
    try short.prefix(short.count / 3).write(to: URL(fileURLWithPath: tiles + "0.tfrecords"))
    // So many cells that a tile of that slide is in one: at 10 across only 7 tiles are shown.
    let shown = study.run("mosaic u num_tiles_x=100")
    #expect(shown.notes.contains { $0.contains("was changed since its features were computed") })
  }

  @Test("an interrupt keeps the slides that are complete and says how many")
  func interrupt() throws {
    study.open()
    let features = study.folder + "/tessera/features"
    let key = try #require(try FileManager.default.contentsOfDirectory(atPath: features).first)
    try FileManager.default.removeItem(atPath: "\(features)/\(key)/S-3.h5")
    let shown = study.run("df = features models/small.onnx", monitor: InterruptAtFirstReport())
    #expect(shown.failure != nil)
    #expect(shown.notes.contains("5 of 6 slides are complete and kept; the same statement goes on from there."))
    #expect(study.run("df = features models/small.onnx").text.contains("6 slides, 72 tiles"))
  }

  @Test("every command has examples, and they are whole statements")
  func everyCommandHasAnExampleThatParses() {
    for command in CommandSet.registry.commands {
      #expect(!command.declaration.examples.isEmpty, "\(command.declaration.name)")
      for example in command.declaration.examples {
        #expect(study.language.isComplete(example) == .complete, "\(example)")
      }
    }
  }

  @Test("the README's table has every command")
  func readme() throws {
    let path = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../README.md").standardizedFileURL
    let text = try String(contentsOf: path, encoding: .utf8)
    for command in CommandSet.registry.commands {
      let name = command.declaration.name
      #expect(text.contains("`\(name)`") || text.contains("`\(name) "), "\(name)")
    }
  }
}

/// Interrupts when the work first says how far it is.
private struct InterruptAtFirstReport: ProgressMonitor {
  private let flag = Flag()

  var isInterrupted: Bool { flag.isSet.load(ordering: .relaxed) }
  func report(phase: String, unit: String, done: Int, total: Int) { flag.isSet.store(true, ordering: .relaxed) }
}

private final class Flag: Sendable {
  let isSet = Atomic<Bool>(false)
}
