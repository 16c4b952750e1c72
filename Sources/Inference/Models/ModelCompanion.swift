import Foundation

/// A file that a model keeps weights in, by the name that stands in the model.
struct ModelCompanion: Equatable {
  /// Relative to the model's folder.
  let name: String
  /// As many bytes as the file must have.
  let byteCount: Int

  /// - Throws: `companionMissing` with what may be the file under another name, `companionOutside`, `fileTruncated`,
  ///   `fileEmpty`, `fileUnreadable`; `notAModel` for a Git LFS pointer.
  func check(of model: String) throws(InferenceError) {
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw .companionOutside(path: model, companion: name)
    }
    let folder = (model as NSString).deletingLastPathComponent
    let path = (folder as NSString).appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .companionMissing(path: model, companion: name, beside: candidates(of: model, in: folder))
    }
    guard byteCount > 0 else { return }
    let actual = try ModelFile.content(path).count
    if actual < byteCount { throw .fileTruncated(path: path, expected: byteCount, actual: actual) }
  }

  /// The most that are named.
  private static let mostCandidates = 3

  /// Files of the model's folder that have as many bytes as are wanted; where none has, those that are called after the
  /// model, and those with the ending of the wanted one that are large enough.
  private func candidates(of model: String, in folder: String) -> [String] {
    let own = (model as NSString).lastPathComponent
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []).sorted()
    let sizes = names.filter { $0 != own }.compactMap { file -> (name: String, bytes: Int)? in
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: (folder as NSString).appendingPathComponent(file))
      guard attributes?[.type] as? FileAttributeType == .typeRegular, let bytes = attributes?[.size] as? Int else {
        return nil
      }
      return (file, bytes)
    }
    let ending = (name as NSString).pathExtension
    let alike = sizes.filter { file in
      file.name.hasPrefix(own) || (file.name as NSString).pathExtension == ending && file.bytes >= byteCount
    }
    let equal = sizes.filter { $0.bytes == byteCount }
    return (equal.isEmpty ? alike : equal).prefix(Self.mostCandidates).map(\.name)
  }
}
