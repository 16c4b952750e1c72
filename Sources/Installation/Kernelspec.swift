import FeatureData
import Files
import Foundation

/// What Jupyter reads to start the kernel: `kernel.json` and the pictures for its launcher.
struct Kernelspec {
  let executable: String
  let supportedEncryption: [String]

  private struct Contents: Encodable {
    struct Metadata: Encodable {
      let debugger = false
      let supportedEncryption: [String]?
      enum CodingKeys: String, CodingKey {
        case debugger
        case supportedEncryption = "supported_encryption"
      }
    }
    let argv: [String]
    let displayName = "Tessera"
    let language = "tessera"
    let interruptMode = "message"
    let protocolVersion = "5.5"
    let metadata: Metadata
    enum CodingKeys: String, CodingKey {
      case argv, language, metadata
      case displayName = "display_name"
      case interruptMode = "interrupt_mode"
      case protocolVersion = "kernel_protocol_version"
    }
  }

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let encryption = supportedEncryption.isEmpty ? nil : supportedEncryption
    return try encoder.encode(
      Contents(
        argv: [executable, "kernel", "--connection-file", "{connection_file}"],
        metadata: .init(supportedEncryption: encryption)))
  }

  /// Each file is replaced whole, `kernel.json` last, so that Jupyter never sees half of one.
  func write(to folder: String) throws(InstallationError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let files = [
        ("logo-svg.svg", Data(Logo.svg.utf8)), ("logo-64x64.png", Logo.png64), ("logo-32x32.png", Logo.png32),
        ("kernel.json", try json()),
      ]
      for (name, data) in files {
        try WholeFile.write(Array(data), to: folder + "/" + name)
      }
    } catch {
      throw .cannotWrite(path: folder, reason: error.reason)
    }
  }
}
