import DemoProject
import FeatureData
import Foundation
import Inference
import Workflows

/// A small demo project, open, in a folder that is removed afterwards: slides with files, and a network of two
/// convolutions.
final class DemoStudy: Sendable {
  let folder: String
  let study: Study
  let model: StudyModel

  /// Painted once, and copied for each.
  private static let original: Result<String, any Error> = Result {
    let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try DemoProject.write(
      to: folder, seed: 5,
      plan: DemoPlan(slideCount: 4, tileCounts: 12...16, tileSidePixels: 64, tileSideMicrons: 64, slideImageCount: 2))
    let network = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "InferenceTests/Fixtures/classifier.onnx")
    try FileManager.default.copyItem(atPath: network.path, toPath: folder + "/models/small.onnx")
    atexit {
      if case .success(let folder) = DemoStudy.original { try? FileManager.default.removeItem(atPath: folder) }
    }
    return folder
  }

  init() throws {
    folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try FileManager.default.copyItem(atPath: try Self.original.get(), toPath: folder)
    study = try Study.open(folder)
    model = try ModelOpening.open("models/small.onnx", study: study)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Of all tiles, computed or from the store.
  func features(_ network: NetworkRun? = nil, executor: (any Executor)? = nil) throws -> FeatureSet {
    try StudyDataset(study).features(
      try network ?? NetworkRun(model), outcomes: .column("HPV_status"), executor: executor,
      remarks: SilentRemarks(), monitor: SilentMonitor()
    ).features
  }
}
