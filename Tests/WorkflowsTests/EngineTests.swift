import FeatureData
import FeatureStore
import Foundation
import Inference
import PythonPrograms
import Testing

@testable import Workflows

@Suite("Features by an engine that was chosen")
struct EngineTests {
  private static let environment = PythonEnvironment.found()
  private static let hasONNXRuntime = environment?.version(of: "onnxruntime") != nil
  private static let hasTorch = environment?.version(of: "torch") != nil && environment?.version(of: "timm") != nil

  private func settings(
    _ name: String, _ devices: [String] = [], _ precision: InferenceSettings.Precision = .f32
  ) -> InferenceSettings {
    var settings = InferenceSettings(precision: precision)
    settings.engine = EngineChoice(name: name, devices: devices)
    return settings
  }

  private func failure(_ settings: InferenceSettings, _ model: StudyModel) -> WorkflowFailure? {
    do {
      _ = try NetworkRun(model, settings: settings)
      return nil
    } catch { return error as? WorkflowFailure }
  }

  @Test("the built-in engine by its name is the built-in engine, under the same key")
  func builtIn() throws {
    let demo = try DemoStudy()
    let dataset = try StudyDataset(demo.study).dataset
    let named = try NetworkRun(demo.model, settings: settings("openvino", ["cpu"]))
    let plain = try NetworkRun(demo.model)
    #expect(named.plan == plain.plan)
    #expect(named.key(dataset, modelDigest: "m").storeKey == plain.key(dataset, modelDigest: "m").storeKey)
    #expect(plain.key(dataset, modelDigest: "m").engine == "precision=f32;batch=8")
    let json = String(decoding: try JSONEncoder().encode(plain.plan), as: UTF8.self)
    #expect(!json.contains("choice"))
  }

  @Test("an engine that there is none of, and a device that the built-in one has not, are refused with what there is")
  func refused() throws {
    let demo = try DemoStudy()
    let unknown = failure(settings("tourch"), demo.model)
    #expect(unknown?.message.hasPrefix("There is no engine “tourch”; there are openvino, torch, onnxruntime") == true)
    #expect(unknown?.remedy == "engine=torch" && unknown?.parameter == "engine")
    let device = failure(settings("openvino", ["cuda:0"]), demo.model)
    #expect(device?.message == "The engine openvino computes on the processor, and not on cuda:0.")
    #expect(device?.remedy == "engine=torch device=cuda:0" && device?.parameter == "device")
  }

  @Test("torch refuses a plain ONNX file, and what it does not compute in", .enabled(if: hasTorch, "no torch here"))
  func unfit() throws {
    let demo = try DemoStudy()
    let plain = failure(settings("torch"), demo.model)
    #expect(plain?.message.contains("small.onnx is an ONNX file that was made elsewhere") == true)
    #expect(plain?.remedy == "engine=onnxruntime" && plain?.parameter == "engine")
  }

  /// The largest relative distance of a tile's features.
  private func distance(_ one: FeatureSet, _ other: FeatureSet) -> Double {
    zip(one.slides, other.slides).flatMap { one, other -> [Double] in
      let (rows, others) = (one.stored.features.matrix(), other.stored.features.matrix())
      return (0..<rows.rowCount).map { row in
        let pairs = zip(rows.row(row), others.row(row)).map { (Double($0), Double($1)) }
        let gap = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (gap / pairs.reduce(0) { $0 + $1.1 * $1.1 }).squareRoot()
      }
    }.max() ?? .infinity
  }

  @Test(
    "onnxruntime gives what the built-in engine does, under a key of its own, and refuses what it has not",
    .enabled(if: hasONNXRuntime, "no onnxruntime here"))
  func onnxRuntime() throws {
    let demo = try DemoStudy()
    let built = try demo.features()
    let network = try NetworkRun(demo.model, settings: settings("onnxruntime", ["cpu"]))
    let computed = try demo.features(network)
    #expect(!computed.isFromStore && computed.contentIdentity != built.contentIdentity)
    #expect(distance(computed, built) < 1e-4)
    #expect(try demo.features(network).isFromStore)
    let (_, remarks) = try StudyDataset(demo.study).features(
      network, remarks: SilentRemarks(), monitor: SilentMonitor())
    #expect(remarks.contains { "\($0)".contains("Computed by onnxruntime") && "\($0)".contains("on cpu, in f32") })
    let precision = failure(settings("onnxruntime", [], .bf16), demo.model)
    #expect(precision?.message == "The engine onnxruntime computes in f32, and not in bf16.")
    #expect(precision?.remedy == "precision=f32" && precision?.parameter == "precision")
    guard !FileManager.default.fileExists(atPath: "/dev/nvidia0") else { return }
    let cuda = #expect(throws: WorkflowFailure.self) {
      try demo.features(try NetworkRun(demo.model, settings: settings("onnxruntime", ["cuda:0"])))
    }
    #expect(cuda?.message.hasPrefix("The engine onnxruntime on cuda:0 finds no CUDA") == true)
    #expect(cuda?.remedy == "device=cpu")
  }

  @Test(
    "torch gives what the built-in engine makes of the converted network, pooled as asked, and bf16 near to it",
    .enabled(if: hasTorch, "no torch with timm here"))
  func torch() throws {
    let demo = try DemoStudy()
    let weights = demo.folder + "/tiny.safetensors"
    let python = Process()
    python.executableURL = URL(fileURLWithPath: try #require(Self.environment?.interpreter))
    python.arguments = [
      "-c",
      """
      import sys, types
      # The compiled part of torchvision may be for another torch; timm needs nothing of it.
      sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
      import timm, torch
      from safetensors.torch import save_file
      torch.manual_seed(0)
      save_file(timm.create_model("test_vit", num_classes=0).state_dict(), sys.argv[1])
      """, weights,
    ]
    try python.run()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    var asked = ModelOpening.Asked()
    asked.weights = weights
    let model = try ModelOpening.open("timm:test_vit", asked, study: demo.study)
    // Tokens by their class token and mean, maps by their maximum, and what the network gives.
    for (layers, pooling) in [(["postconv"], nil), (["model.blocks.0"], Layer.Pooling.classAndMean)] {
      func features(_ settings: InferenceSettings) throws -> FeatureSet {
        try demo.features(NetworkRun(model, layers: layers, pooling: pooling, settings: settings))
      }
      let built = try features(InferenceSettings())
      #expect(distance(try features(settings("torch", ["cpu"])), built) < 1e-4)
      let coarse = distance(try features(settings("torch", ["cpu"], .bf16)), built)
      #expect(coarse > 1e-5 && coarse < 5e-2)
    }
    guard !FileManager.default.fileExists(atPath: "/dev/nvidia0") else { return }
    let cuda = #expect(throws: WorkflowFailure.self) {
      try demo.features(try NetworkRun(model, settings: settings("torch", ["cuda:0"])))
    }
    #expect(cuda?.message.hasPrefix("The engine torch on cuda:0 has no CUDA here") == true)
    #expect(cuda?.remedy == "device=cpu")
    let half = #expect(throws: WorkflowFailure.self) {
      try demo.features(try NetworkRun(model, settings: settings("torch", ["cpu"], .fp16)))
    }
    #expect(half?.remedy == "precision=bf16")
  }
}
