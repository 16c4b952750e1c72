import Foundation

/// What comes from a worker: a line of JSON each.
enum WorkerMessage: Equatable {
  case alive
  case description(WorkerDescription)
  case ready(device: String, batch: Int, notes: [String])
  case fatal(reason: String, remedy: String?)
  case done(id: Int, slot: Int, notes: [String])
  case failed(id: Int, slot: Int, reason: String, remedy: String?)

  /// A longer line is none of this protocol.
  static let longestLine = 1 << 16

  /// - Parameter line: without its line feed.
  /// - Throws: `WorkerFault.garbage`, which says what is wrong with it.
  init(_ line: some Sequence<UInt8>) throws(WorkerFault) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let body = try? decoder.decode(Body.self, from: Data(line)) else {
      let start = String(decoding: Array(line.prefix(while: { $0 != 10 })).prefix(60), as: UTF8.self).filter {
        !$0.isNewline
      }
      throw .garbage("a line that is no message: “\(start)”")
    }
    func needed<Value>(_ value: Value?, _ name: String) throws(WorkerFault) -> Value {
      guard let value else { throw .garbage("a message “\(body.type)” without \(name)") }
      return value
    }
    switch body.type {
    case "alive": self = .alive
    case "description":
      let version = try needed(body.version, "version")
      guard version == HostMessage.version else {
        throw .refused(
          reason: "speaks version \(version) of the protocol, and this program version \(HostMessage.version)",
          remedy: nil)
      }
      self = .description(
        WorkerDescription(
          version: try needed(body.engineVersion, "engine_version"), takes: try needed(body.takes, "takes"),
          precisions: try needed(body.precisions, "precisions"), device: try needed(body.device, "device")))
    case "ready":
      self = .ready(
        device: try needed(body.device, "device"), batch: try needed(body.batch, "batch"), notes: body.notes ?? [])
    case "fatal": self = .fatal(reason: try needed(body.reason, "reason"), remedy: body.remedy)
    case "done":
      self = .done(id: try needed(body.id, "id"), slot: try needed(body.slot, "slot"), notes: body.notes ?? [])
    case "failed":
      self = .failed(
        id: try needed(body.id, "id"), slot: try needed(body.slot, "slot"), reason: try needed(body.reason, "reason"),
        remedy: body.remedy)
    default: throw .garbage("a message of a type “\(body.type.prefix(40))”")
    }
  }

  private struct Body: Decodable {
    let type: String
    let version: Int?
    let engineVersion: String?
    let takes: [String]?
    let precisions: [String]?
    let device: String?
    let batch: Int?
    let notes: [String]?
    let reason: String?
    let remedy: String?
    let id: Int?
    let slot: Int?
  }
}

/// What an engine says of itself before it loads anything.
package struct WorkerDescription: Sendable, Equatable {
  /// Of its library.
  package let version: String
  /// What it computes: "onnx", the file; "recipe", a network that Python makes.
  package let takes: [String]
  package let precisions: [String]
  /// The one that it takes where none is asked for.
  package let device: String
}
