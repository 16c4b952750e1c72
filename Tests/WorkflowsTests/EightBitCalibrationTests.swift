import FeatureData
import FeatureStore
import Foundation
import Inference
import Slides
import Synchronization
import Testing

@testable import Workflows

/// Whether this processor computes in eight bits.
private let hasEightBits = (try? InferenceEngines.all.first?.check(.int8)) != nil

@Suite("Features in eight bits", .enabled(if: hasEightBits, "this processor has no instructions for products of bytes"))
struct EightBitCalibrationTests {
  private let demo: DemoStudy

  init() throws { demo = try DemoStudy() }

  private func network(
    _ model: StudyModel? = nil, layers: [String] = ["postconv"], includesLogits: Bool = false
  ) throws -> NetworkRun {
    try NetworkRun(
      model ?? demo.model, layers: layers, includesLogits: includesLogits, settings: .init(precision: .int8))
  }

  private func computed(
    _ network: NetworkRun, maxTiles: Int? = nil
  ) throws -> (features: FeatureSet, remarks: [Remark]) {
    try StudyDataset(demo.study).limited(toTiles: maxTiles).features(
      network, remarks: SilentRemarks(), monitor: SilentMonitor())
  }

  /// What is said of the calibration.
  private func sentence(_ remarks: [Remark]) -> String? {
    remarks.lazy.compactMap { if case .note(let text) = $0, text.hasPrefix("int8") { text } else { nil } }.first
  }

  private var files: [String] {
    let folder = demo.study.store.folder + "/calibrations"
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
  }

  @Test("features are near those of f32, and it is said on what they were calibrated and how near they are")
  func features() throws {
    let (features, remarks) = try computed(network())
    let exact = try demo.features(try NetworkRun(demo.model, includesLogits: false))
    #expect(features.contentIdentity != exact.contentIdentity)
    let said = try #require(sentence(remarks))
    let kept = try JSONDecoder().decode(
      EightBitCalibration.self, from: Data(contentsOf: URL(filePath: try #require(files.first))))
    let counts = (kept.calibrating.values.map(\.count).reduce(0, +), kept.heldOut.values.map(\.count).reduce(0, +))
    #expect(counts.0 >= 16 && counts.0 == kept.ranges.tileCount && counts.1 >= 8)
    #expect(said.hasPrefix("int8: calibrated on \(counts.0) tissue tiles of 4 slides; cosine with f32 on \(counts.1) "))
    #expect(said.contains("on average") && said.contains("for maps, not for parity"))
    #expect(kept.calibrating.keys.sorted() == kept.heldOut.keys.sorted() && kept.heldOut.count == 4)
    for (slide, records) in kept.calibrating { #expect(Set(records).isDisjoint(with: kept.heldOut[slide] ?? [])) }
    for (one, other) in zip(features.slides, exact.slides) {
      let compared = EightBitCalibration.Comparison(
        layer: "", one.stored.features.matrix(), other.stored.features.matrix())
      #expect(compared.meanCosine > 0.999 && compared.meanCosine < 1 && compared.leastCosine > 0.99)
    }
  }

  @Test("a second run finds the calibration in the store, and the features")
  func kept() throws {
    let first = try computed(network())
    let path = try #require(files.first)
    #expect(files.count == 1 && !first.features.isFromStore)
    // Other figures of the same ranges show that the file is read and nothing compared.
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let figure = try #require(text.firstMatch(of: /"meanCosine":[0-9.]+/))
    text.replaceSubrange(figure.range, with: "\"meanCosine\":0.99625")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let second = try computed(network())
    #expect(second.features.isFromStore && second.features.contentIdentity == first.features.contentIdentity)
    #expect(sentence(second.remarks)?.contains("0.9962 on average") == true)
    // A calibration that was lost is found anew, and is the same.
    try FileManager.default.removeItem(atPath: path)
    #expect(try computed(network()).features.isFromStore)
  }

  @Test("other tiles and other layers are calibrated by themselves, and their ranges are part of the key")
  func keys() throws {
    let all = try computed(network()).features
    let some = try computed(network(), maxTiles: 10).features
    let others = try computed(network(layers: ["postconv", "layer1"]))
    #expect(Set([all, some, others.features].map(\.contentIdentity)).count == 3 && files.count == 3)
    #expect(sentence(others.remarks)?.contains("(of the layers the lowest)") == true)
    let keys = try FileManager.default.subpathsOfDirectory(atPath: demo.study.store.folder + "/features")
      .filter { $0.hasSuffix("key.json") }
      .map { try String(contentsOfFile: demo.study.store.folder + "/features/" + $0, encoding: .utf8) }
    #expect(keys.count == 3 && keys.allSatisfy { $0.contains("precision=int8;batch=8;ranges=") })
  }

  @Test("a model that it does harm to is refused with the figures, also the second time")
  func harm() throws {
    let network = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "InferenceTests/Fixtures/EightBits/uneven.onnx")
    try FileManager.default.copyItem(atPath: network.path, toPath: demo.folder + "/models/uneven.onnx")
    let model = try ModelOpening.open("models/uneven.onnx", study: demo.study)
    for _ in 0..<2 {
      let failure = #expect(throws: WorkflowFailure.self) { try computed(self.network(model)) }
      #expect(failure?.message.hasPrefix("int8 does harm to this model: on ") == true)
      #expect(
        failure?.message.contains(/cosine of postconv with f32 is 0\.\d{4} on average and 0\.\d{4} at worst/) == true)
      #expect(failure?.remedy == "precision=bf16" && failure?.parameter == "precision")
    }
    #expect(files.count == 1)
  }

  @Test("logits are refused with what to ask for instead, and a network without any is not")
  func logits() throws {
    let failure = #expect(throws: WorkflowFailure.self) { try network(includesLogits: true) }
    #expect(failure?.remedy == "precision=int8 include_logits=false" && failure?.parameter == "precision")
    #expect(throws: WorkflowFailure.self) { try EightBitCalibration.checkOutputs(logits: false, uncertainty: true) }
  }

  @Test("too few tiles are refused with their numbers")
  func tooFew() throws {
    let failure = #expect(throws: WorkflowFailure.self) { try computed(network(), maxTiles: 1) }
    #expect(failure?.message.contains("at least 16 tiles with tissue and tried on 8 others") == true)
    #expect(failure?.message.contains("of the 4 tiles looked at") == true && failure?.remedy == "precision=bf16")
  }

  @Test("a grid is calibrated on cells of its slide")
  func grid() throws {
    var request = GridRequest(.named("DEMO-01"))
    request.size = TileSize(pixels: 32, extent: .microns(32))
    func grid(_ network: NetworkRun) throws -> (grid: FeatureGrid, remarks: [Remark]) {
      try FeatureGrid.compute(
        network, request, study: demo.study, remarks: SilentRemarks(), monitor: SilentMonitor())
    }
    let (rounded, remarks) = try grid(network())
    let exact = try grid(NetworkRun(demo.model, includesLogits: false)).grid
    #expect(sentence(remarks)?.contains("tissue tiles of 1 slide;") == true && files.isEmpty)
    let compared = EightBitCalibration.Comparison(layer: "", exact.values, rounded.values)
    #expect(compared.meanCosine > 0.999 && compared.meanCosine < 1)
  }

  @Test("an interruption while it is calibrated stops the work, and nothing is kept")
  func interruption() throws {
    final class Interrupted: WorkMonitor {
      let phases = Mutex<Set<String>>([])
      var isInterrupted: Bool { phases.withLock { $0.contains("calibrating int8") } }
      func report(phase: String, unit: String, done: Int, total: Int) { phases.withLock { _ = $0.insert(phase) } }
    }
    let monitor = Interrupted()
    #expect(throws: WorkInterrupted.self) {
      try StudyDataset(demo.study).features(network(), remarks: SilentRemarks(), monitor: monitor)
    }
    #expect(files.isEmpty && monitor.phases.withLock { $0.contains("looking for tissue") })
  }

  @Test("a plan that was written down takes the calibration from the store, and is refused without it")
  func plan() throws {
    let calibrated = try network().calibrated(on: StudyDataset(demo.study), monitor: SilentMonitor())
    let digest = try ModelDigest.digest(of: demo.model.model.path, store: demo.study.store)
    let dataset = try StudyDataset(demo.study)
    let slides = try dataset.dataset.slides.map {
      FeaturePlan.Slide(name: $0.name, tileDigest: try demo.study.store.tileDigest(of: $0.tfrecord))
    }
    let plan = FeaturePlan(calibrated, modelDigest: digest, of: dataset, slides: slides, scale: .none)
    let posted = try JSONDecoder().decode(FeaturePlan.self, from: JSONEncoder().encode(plan))
    #expect(posted.id == plan.id && posted.network.calibration != nil)
    #expect(try LocalExecutor().run(posted, monitor: SilentMonitor()).failed.isEmpty)
    #expect(try computed(network()).features.isFromStore)
    for file in files { try FileManager.default.removeItem(atPath: file) }
    let failure = #expect(throws: WorkflowFailure.self) { try LocalExecutor().run(posted, monitor: SilentMonitor()) }
    #expect(failure?.message.contains("not in the store any more") == true)
  }
}

@Suite("Tiles to calibrate on")
struct CalibrationTilesTests {
  private static let side = 16

  /// Tiles of a slide, of which some are tissue.
  private func slide(_ name: String, _ count: Int, tissue: @escaping @Sendable (Int) -> Bool) -> CalibrationTiles.Slide
  {
    CalibrationTiles.Slide(name: name, count: count) {
      { tile, pixels in
        var generator = SplitMix64(seed: UInt64(tile))
        for place in pixels.indices {
          pixels[place] = tissue(tile) ? [180, 100, 160][place % 3] &+ UInt8(generator.next() % 60) : 246
        }
      }
    }
  }

  private func tiles(_ slides: [CalibrationTiles.Slide]) throws -> CalibrationTiles {
    try CalibrationTiles(of: slides, side: Self.side, monitor: SilentMonitor())
  }

  @Test("64 tiles are chosen to calibrate on and 48 others to try it on, from all slides and all of each slide")
  func spread() throws {
    let slides = (0..<7).map { slide("S\($0)", 1000) { _ in true } }
    let chosen = try tiles(slides)
    #expect(chosen.calibrating.count == 64 && chosen.heldOut.count == 48)
    #expect(Set(chosen.calibrating).isDisjoint(with: chosen.heldOut))
    for part in [chosen.calibrating, chosen.heldOut] {
      let bySlide = Dictionary(grouping: part, by: \.slide)
      #expect(bySlide.count == 7 && bySlide.values.allSatisfy { $0.count >= part.count / 7 - 1 })
      #expect(bySlide.values.allSatisfy { places in Set(places.map { $0.tile / 250 }).count >= 3 })
    }
    let again = try tiles(slides)
    #expect(again.calibrating == chosen.calibrating && again.heldOut == chosen.heldOut)
  }

  @Test("of many slides as many as there are tiles are taken, not the first ones alone")
  func manySlides() throws {
    let chosen = try tiles((0..<600).map { slide("S\($0)", 50) { _ in true } })
    let slides = Set((chosen.calibrating + chosen.heldOut).map(\.slide))
    #expect(slides.count == 112 && Set(slides.map { $0 / 100 }).count == 6)
  }

  @Test("white tiles do not count, and too few others are refused with the numbers")
  func white() throws {
    let some = try tiles([slide("A", 400) { $0 % 4 == 1 }, slide("B", 100) { _ in false }])
    #expect((some.calibrating + some.heldOut).allSatisfy { $0.slide == 0 && $0.tile % 4 == 1 })
    #expect(some.calibrating.count == 57 && some.heldOut.count == 43)
    let few = #expect(throws: WorkflowFailure.self) {
      try tiles([slide("A", 23) { _ in true }, slide("B", 100) { _ in false }])
    }
    #expect(few?.message.contains("of the 123 tiles looked at, 23 show tissue") == true)
    #expect(try tiles([slide("A", 24) { _ in true }]).heldOut.count == 8)
    let many = #expect(throws: WorkflowFailure.self) { try tiles([slide("A", 1_000_000) { _ in false }]) }
    #expect(many?.message.contains("of the 4096 tiles looked at, 0 show tissue") == true)
    #expect(throws: WorkflowFailure.self) { try tiles([]) }
  }

  @Test("slides and tiles that cannot be read are passed over")
  func unreadable() throws {
    struct Broken: Error {}
    let broken = CalibrationTiles.Slide(name: "B", count: 500) { throw Broken() }
    let holed = CalibrationTiles.Slide(name: "H", count: 500) {
      let load = try slide("H", 500) { _ in true }.open()
      return { tile, pixels in
        if tile % 2 == 0 { throw Broken() }
        try load(tile, pixels)
      }
    }
    let chosen = try tiles([broken, holed])
    #expect((chosen.calibrating + chosen.heldOut).allSatisfy { $0.slide == 1 && $0.tile % 2 == 1 })
  }

  @Test("an order that is spread evenly has each number once")
  func order() {
    for count in [0, 1, 2, 3, 8, 100] { #expect(EvenOrder(count).sorted() == Array(0..<count)) }
    #expect(Array(EvenOrder(8)) == [0, 4, 2, 6, 1, 5, 3, 7])
  }

  @Test("cosines of rows with NaN count as nothing in common, those of empty rows as all")
  func comparison() {
    func comparison(_ exact: [Float], _ rounded: [Float]) -> EightBitCalibration.Comparison {
      EightBitCalibration.Comparison(
        layer: "l", Matrix(rowCount: exact.count / 2, columnCount: 2, elements: exact),
        Matrix(rowCount: exact.count / 2, columnCount: 2, elements: rounded))
    }
    #expect(comparison([1, 0, 0, 2], [3, 0, 0, 1]).leastCosine == 1)
    #expect(comparison([1, 0, 0, 2], [0, 1, 0, 1]).meanCosine == 0.5)
    #expect(comparison([1, 0], [.nan, 0]).leastCosine == 0 && comparison([0, 0], [0, 0]).leastCosine == 1)
  }
}
