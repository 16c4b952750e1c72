import Foundation
import Inference

extension InferenceLoad {
  /// What bounded a run: a sentence; nil for one too short to tell.
  func remark(of network: NetworkRun) -> Remark? {
    guard seconds >= 2 else { return nil }
    let device = network.settings.engine.map { $0.devices.joined(separator: ", ") } ?? "the processor"
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let why =
      switch bound {
      case .network: "the network bounds it, on \(device)"
      case .decoding:
        "loading tiles bounds it (\(loadingMilliseconds.shortText) ms of a core each, on \(cores.counted("core"))); "
          + "\(device) waited \(Self.percent(1 - busyShare)) of the time"
      case .reading:
        "the disk that tiles are read from bounds it; \(device) waited \(Self.percent(1 - busyShare)) of the time"
      case .writing: "the disk of the store bounds it"
      }
    let rate = tilesPerSecond < 10 ? tilesPerSecond.text(decimals: 1) : "\(Int(tilesPerSecond.rounded()))"
    return .note("\(rate) tiles/s: \(why).")
  }

  private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded()))\u{A0}%" }
}
