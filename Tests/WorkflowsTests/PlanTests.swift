import FeatureData
import FeatureStore
import Foundation
import Slides
import Synchronization
import Inference
import Rendering
import Testing

@testable import Workflows

/// Writes a plan down, reads it again, and runs it with nothing but what it says.
private final class ByPost: Executor {
  let ids = Mutex<[String]>([])

  private func posted<Work: Plan>(_ plan: Work) throws -> Work {
    ids.withLock { $0.append(plan.id) }
    return try JSONDecoder().decode(Work.self, from: JSONEncoder().encode(plan))
  }

  func run(
    _ plan: ExtractionPlan, monitor: any WorkMonitor, outcome: (SlideExtraction.Outcome) throws -> Void
  ) throws {
    try LocalExecutor().run(try posted(plan), monitor: monitor, outcome: outcome)
  }

  func run(_ plan: FeaturePlan, monitor: any WorkMonitor) throws -> FeaturePlan.Outcome {
    try LocalExecutor().run(try posted(plan), monitor: monitor)
  }
}

@Suite("Plans that are written down and run elsewhere")
struct PlanTests {
  @Test("features of a plan that was written down are those that are computed here, bit for bit")
  func features() throws {
    let (here, there) = (try DemoStudy(), try DemoStudy())
    let executor = ByPost()
    let network = { (demo: DemoStudy) in
      try NetworkRun(
        demo.model, settings: .init(batchSize: 4), stain: ModelStain(.method(.reinhardFast), of: demo.model))
    }
    let computed = try here.features(network(here))
    let received = try there.features(network(there), executor: executor)
    #expect(executor.ids.withLock(\.count) == 1)
    #expect(received.contentIdentity == computed.contentIdentity && !received.isFromStore)
    #expect(received.slides.map(\.name) == computed.slides.map(\.name))
    for (one, other) in zip(received.slides, computed.slides) {
      #expect(one.stored.features.matrix() == other.stored.features.matrix())
      #expect(one.stored.logits?.matrix() == other.stored.logits?.matrix())
      #expect(one.stored.corners == other.stored.corners)
    }
    // The store answers, and nothing is left to plan.
    #expect(try there.features(network(there), executor: executor).isFromStore)
    #expect(executor.ids.withLock(\.count) == 1)
  }

  @Test("tiles of a plan that was written down are those that are cut here, byte for byte")
  func extraction() throws {
    let (here, there) = (try DemoStudy(), try DemoStudy())
    var plan = TilePlan(size: TileSize(pixels: 32, extent: .microns(64)))
    plan.cutting.filter.grayspaceFraction = 1
    var request = ExtractionRequest(plan)
    request.normalizer = try StainTarget.standard(.v3).normalizer(.macenkoFast)
    let executor = ByPost()
    let cut = try here.study.extractTiles(request, remarks: SilentRemarks(), monitor: SilentMonitor())
    let received = try there.study.extractTiles(
      request, executor: executor, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(received.table == cut.table && cut.table.rows.count == 2)
    #expect(executor.ids.withLock(\.count) == 1)
    for slide in try cut.dataset().dataset.slides {
      let other = try #require(received.dataset().dataset.slides.first { $0.name == slide.name })
      #expect(
        try Data(contentsOf: URL(filePath: slide.tfrecord)) == Data(contentsOf: URL(filePath: other.tfrecord)))
    }
  }

  @Test("an id names all inputs: the same plan has the same, another setting another")
  func identity() throws {
    let demo = try DemoStudy()
    let dataset = try StudyDataset(demo.study)
    func plan(batchSize: Int = 8, scale: GivenScale = .none) throws -> FeaturePlan {
      FeaturePlan(
        try NetworkRun(demo.model, settings: .init(batchSize: batchSize)), modelDigest: "m", of: dataset,
        slides: [.init(name: "DEMO-01", tileDigest: "t")], scale: scale)
    }
    let id = try plan().id
    #expect(try plan().id == id && id.count == 64)
    #expect(try plan(batchSize: 4).id != id)
    #expect(try plan(scale: .one(0.5)).id != id)
    #expect(
      try plan(scale: .bySlide(["a": 1, "b": 2, "c": 3])).id == plan(scale: .bySlide(["c": 3, "a": 1, "b": 2])).id)
  }

  @Test("a plan of a model or of tiles that were changed since is refused, and the file named")
  func changedFiles() throws {
    let demo = try DemoStudy()
    let dataset = try StudyDataset(demo.study)
    let network = try NetworkRun(demo.model)
    let digest = try ModelDigest.digest(of: demo.model.model.path, store: demo.study.store)
    let model = FeaturePlan(network, modelDigest: "of another", of: dataset, slides: [], scale: .none)
    let tiles = FeaturePlan(
      network, modelDigest: digest, of: dataset, slides: [.init(name: "DEMO-02", tileDigest: "of others")],
      scale: .none)
    for (plan, name) in [(model, "small.onnx"), (tiles, "DEMO-02.tfrecords")] {
      let failure = #expect(throws: WorkflowFailure.self) {
        try LocalExecutor().run(plan, monitor: SilentMonitor())
      }
      #expect(failure?.message.hasSuffix("\(name) was changed since this was planned.") == true)
    }
  }

  @Test("a plan for another engine, or for another version of it, is refused")
  func otherEngine() throws {
    let demo = try DemoStudy()
    let plan = FeaturePlan(
      try NetworkRun(demo.model), modelDigest: "m", of: try StudyDataset(demo.study), slides: [], scale: .none)
    #expect(plan.network.engine.hasPrefix("OpenVINO 20"))
    let json = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
    for other in ["OpenVINO 19", "Other 20"] {
      let text = json.replacing("\"OpenVINO 20", with: "\"\(other)")
      let posted = try JSONDecoder().decode(FeaturePlan.self, from: Data(text.utf8))
      let failure = #expect(throws: WorkflowFailure.self) {
        try LocalExecutor().run(posted, monitor: SilentMonitor())
      }
      #expect(failure?.message.hasPrefix("This was planned for \(other)") == true)
    }
  }
}
