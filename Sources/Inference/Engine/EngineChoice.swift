/// Which engine computes a network, and where, if it is not the one that reads the model.
package struct EngineChoice: Codable, Sendable, Hashable {
  /// Such as "torch".
  package var name: String
  /// Such as "cuda:0"; empty to leave it to the engine.
  package var devices: [String]
  /// Tiles computed together at most; nil to leave it to the engine.
  package var batchLimit: Int?

  package init(name: String, devices: [String] = [], batchLimit: Int? = nil) {
    self.name = name
    self.devices = devices
    self.batchLimit = batchLimit
  }

  /// The kinds of its devices, such as "cuda": what of them may change a result.
  package var deviceKinds: [String] {
    Set(devices.map { String($0.prefix { $0 != ":" }) }).sorted()
  }

  /// Whether a word can be an engine's name.
  package static func isName(_ word: String) -> Bool {
    !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
      && word.first != "."
  }
}
