import Files
import Foundation
import Glibc
import JupyterWire

/// The keepsakes of all kernels of one implementation in a folder: for each view `ID.json` and `ID.png`.
///
/// Nothing that is wrong with the folder hurts: what cannot be written is not kept, what cannot be read is not there.
struct KeepsakeFolder: Sendable {
  /// How many are kept, the newest; the files of others are removed.
  static let standardCapacity = 200

  let path: String
  var capacity = Self.standardCapacity
  /// How many are told to a notebook without a name.
  static let namelessCapacity = 50
  private static let pictureLimit = 16 << 20

  func keep(_ keepsake: Keepsake, picture: [UInt8]?) throws(FileFault) {
    try StandardPaths.makeFolder(path)
    WholeFile.removeLeftovers(in: path)
    if let picture, picture.count <= Self.pictureLimit {
      try WholeFile.write(picture, to: file(keepsake.identifier, "png"))
    }
    let content = JSONFragment.object([
      ("notebook", keepsake.notebook.map(JSONFragment.string) ?? .null), ("title", .string(keepsake.title)),
      ("text", .string(keepsake.text)),
    ])
    try WholeFile.write(content.bytes, to: file(keepsake.identifier, "json"))
    for old in identifiers.dropFirst(capacity) {
      unlink(file(old, "json"))
      unlink(file(old, "png"))
    }
  }

  /// Those of a notebook, the newest first; without a name the newest of all.
  func keepsakes(of notebook: String?) -> [Keepsake] {
    guard notebook != nil else { return identifiers.prefix(Self.namelessCapacity).compactMap(keepsake) }
    return identifiers.prefix(capacity).compactMap(keepsake).filter { $0.notebook == notebook }
  }

  func picture(of identifier: String) -> [UInt8]? { contents(identifier, "png", limit: Self.pictureLimit) }

  private func keepsake(_ identifier: String) -> Keepsake? {
    guard let bytes = contents(identifier, "json", limit: Keepsake.textLimit * 16),
      let content = try? JSONValue(parsing: bytes), let title = content["title"]?.text, let text = content["text"]?.text
    else { return nil }
    return Keepsake(identifier: identifier, notebook: content["notebook"]?.text, title: title, text: text)
  }

  private func file(_ identifier: String, _ ending: String) -> String { "\(path)/\(identifier).\(ending)" }

  private func contents(_ identifier: String, _ ending: String, limit: Int) -> [UInt8]? {
    guard Keepsake.isIdentifier(identifier), let file = try? ReadableFile(path: file(identifier, ending)) else {
      return nil
    }
    return try? file.contents(limit: limit)
  }

  /// Of all that are there, the newest first.
  private var identifiers: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let dated: [(identifier: String, seconds: Int, nanoseconds: Int)] = names.compactMap { name in
      let identifier = String(name.dropLast(5))
      var status = stat()
      guard name.hasSuffix(".json"), Keepsake.isIdentifier(identifier), stat("\(path)/\(name)", &status) == 0 else {
        return nil
      }
      return (identifier, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
    return dated.sorted { ($0.seconds, $0.nanoseconds, $0.identifier) > ($1.seconds, $1.nanoseconds, $1.identifier) }
      .map(\.identifier)
  }
}
