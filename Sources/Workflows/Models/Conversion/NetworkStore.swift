import FeatureData
import FeatureStore
import Foundation
import Inference
import Synchronization

/// Where converted networks are kept: in the store of a study, else among the user's caches. Each lies in a folder of its
/// own, under a digest of what it was made from: `model.onnx`, and `conversion.json` with how it was made and checked.
struct NetworkStore {
  static let modelFile = "model.onnx"
  static let recordFile = "conversion.json"

  /// Looked through in this order; new ones are written into the first.
  let folders: [String]
  private let digests: FeatureStore?

  /// - Parameter study: whose store comes first; nil without one.
  init(_ study: Study?) {
    let cache = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let own = (cache ?? NSHomeDirectory() + "/.cache") + "/tessera"
    folders = ((study.map { [$0.store.folder] } ?? []) + [own]).map { $0 + "/networks" }
    digests = study?.store ?? (try? FeatureStore(folder: own))
  }

  /// Those that this process has opened, so that a look at a model finds them without reading its weights through.
  private static let opened = Mutex<[String: Conversion]>([:])

  private static func key(_ network: TorchNetwork) -> String {
    ([network.recipe] + network.weights.map { FileStamp.text(of: $0) }).joined(separator: "\n")
  }

  static func note(_ conversion: Conversion) {
    opened.withLock { $0[key(conversion.network)] = conversion }
  }

  static func noted(_ network: TorchNetwork) -> Conversion? {
    let key = key(network)
    return opened.withLock { $0[key] }
  }

  /// The digest of what a network is made from, and of the form that is made of it.
  func digest(of network: TorchNetwork) throws -> String {
    let weights = try network.weights.map { path in
      try digests?.tileDigest(of: path) ?? ContentDigest.ofFile(path)
    }
    try? digests?.saveTileDigests()
    return ContentDigest.ofText((["network 1", network.identity] + weights).joined(separator: "\n"))
  }

  private func name(_ digest: String) -> String { String(digest.prefix(16)) }

  /// A network that is kept; nil where it is not, or where its files are not what was noted of them.
  func conversion(_ digest: String, of network: TorchNetwork) -> Conversion? {
    for folder in folders {
      let own = folder + "/" + name(digest)
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: own + "/" + Self.recordFile)),
        let record = try? JSONDecoder().decode(ConversionRecord.self, from: data), record.digest == digest,
        (try? fileDigests(in: own)) == record.files
      else { continue }
      return Conversion(
        network: network, converted: ConvertedNetwork(file: own + "/" + Self.modelFile, recipe: network.recipe),
        record: record)
    }
    return nil
  }

  /// Of the network's files, by name.
  func fileDigests(in folder: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for name in [Self.modelFile, Self.modelFile + ".data"] {
      let path = folder + "/" + name
      guard name == Self.modelFile || FileManager.default.fileExists(atPath: path) else { continue }
      found[name] = try digests?.tileDigest(of: path) ?? ContentDigest.ofFile(path)
    }
    return found
  }

  /// The right to convert a network, which one process at a time has.
  func claim(_ digest: String) throws -> SlideLock.Outcome {
    try PathResolution.makeFolder(folders[0])
    return try Reporting.run { try SlideLock.claim(folders[0] + "/" + name(digest) + ".lock") }
  }

  /// A folder to convert in, for the one who has the right to; what another left there, which was killed, is removed.
  ///
  /// - Parameter byteCount: of the weights; some times as much is needed meanwhile.
  func makeFolder(_ digest: String, byteCount: Int) throws -> String {
    let folder = folders[0] + "/" + name(digest) + ".partial"
    try? FileManager.default.removeItem(atPath: folder)
    var status = statvfs()
    let needed = 3 * byteCount + (64 << 20)
    if statvfs(folders[0], &status) == 0, status.f_blocks > 0,
      case let free = Int(clamping: status.f_bavail) * Int(clamping: status.f_frsize), free < needed
    {
      throw noRoom(
        "\(needed.byteText) are needed to convert a network, and the disk of \(folders[0].withShortPaths) has \(free.byteText) left."
      )
    }
    try PathResolution.makeFolder(folder)
    return folder
  }

  func noRoom(_ sentence: String) -> WorkflowFailure {
    WorkflowFailure(
      sentence,
      remedy: folders.count > 1
        ? "project PATH store=FOLDER, with a folder on a disk that has room"
        : "Start the kernel with XDG_CACHE_HOME=FOLDER, a folder on a disk that has room.")
  }

  /// Gives a folder that is whole its name, in place of a damaged one.
  func keep(_ partial: String, _ digest: String, _ record: ConversionRecord) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try PathResolution.write([UInt8](encoder.encode(record)), to: partial + "/" + Self.recordFile)
    let whole = folders[0] + "/" + name(digest)
    try? FileManager.default.removeItem(atPath: whole)
    do { try FileManager.default.moveItem(atPath: partial, toPath: whole) } catch {
      throw WorkflowFailure("The converted network cannot be kept in \(folders[0].withShortPaths): \(error.reason).")
    }
    try? digests?.saveTileDigests()
  }
}

/// What was noted of a conversion.
package struct ConversionRecord: Codable, Sendable, Hashable {
  /// Of what it was made from.
  let digest: String
  /// As it was named then.
  let source: String
  /// SHA-256 of its files, by name.
  let files: [String: String]
  /// Of torch.
  let torch: String
  /// Tiles that both were run on, tensors that were compared, and the largest difference relative to a tensor's size.
  let tileCount: Int
  let tensorCount: Int
  let largestDifference: Double
  /// Modules whose value slideflow gives as that of a later one.
  let later: [String: String]
  let heads: [String]
  /// Whether there is dropout before the heads.
  let hasDropout: Bool
  let preprocessing: Preprocessing?

  /// Mean and deviation of x / 255 that timm has for an architecture.
  struct Preprocessing: Codable, Sendable, Hashable {
    let mean: [Double]
    let deviation: [Double]
  }
}

/// A network of torch that was converted.
package struct Conversion: Sendable, Hashable {
  let network: TorchNetwork
  let converted: ConvertedNetwork
  let record: ConversionRecord

  /// How it came about: a sentence.
  var sentence: String {
    "converted by torch \(record.torch); on \(record.tileCount) made-up tiles its \(record.tensorCount) tensors differ from "
      + "torch's by at most "
      + record.largestDifference.formatted(.number.precision(.significantDigits(2)).notation(.scientific))
      + " of their size"
  }

  /// What differs from torch by design: a sentence; nil where nothing does.
  var laterSentence: String? {
    guard !record.later.isEmpty else { return nil }
    let list = record.later.sorted { $0.key < $1.key }.map { "\($0.key) is given after \($0.value)" }
    return list.joined(separator: ", ")
      + ", as slideflow gives it: there the later module writes over the first one's numbers"
  }
}
