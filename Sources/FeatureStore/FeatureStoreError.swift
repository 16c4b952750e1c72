/// What can go wrong between the session and its files.
package enum FeatureStoreError: Error, Sendable, Equatable {
  case cannotCreateFolder(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  /// The file is there but is not of our format; `missing` names what was looked for.
  case notOfFormat(path: String, missing: String)
  /// Written by a version of the format that this program does not know.
  case unknownVersion(path: String, found: Int, newest: Int)
  /// What it holds is not what was written.
  case damaged(path: String)
}

extension FeatureStoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotCreateFolder(let path, let reason): "The folder \(path) cannot be made: \(reason)."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)."
    case .notOfFormat(let path, let missing): "\(path) is not a file of this store: it has no \(missing)."
    case .unknownVersion(let path, let found, let newest):
      "\(path) has version \(found) of the store's format; this program reads version \(newest)."
    case .damaged(let path): "\(path) is damaged: what it holds is not what was written."
    }
  }
}
