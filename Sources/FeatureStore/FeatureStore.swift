import Files
package import Foundation
import Glibc

/// The session's results on disk: features by slide, and maps, each under a key made from their inputs.
///
/// Layout: `features/<first 16 digits of the key>/<slide>.h5` with the key's text beside them in `key.json`,
/// `maps/<key>.h5`, and `calibrations/<key>.json`.
package struct FeatureStore: Sendable {
  /// The folder of the store.
  package let folder: String
  private let digests: TileDigests

  /// Makes the folder and checks that it can be written, so that a failure is known before any work starts.
  package init(folder: String) throws(FeatureStoreError) {
    self.folder = folder
    try StoreFile.createFolder(folder)
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .cannotWrite(path: folder, reason: String(cString: strerror(errno)))
    }
    WholeFile.removeLeftovers(in: folder)
    digests = TileDigests(path: folder + "/tile-digests.json")
  }

  // MARK: Features

  /// The folder that holds the slides of a key.
  package func folder(for key: StoreKey) -> String { "\(folder)/features/\(key.digest.prefix(16))" }

  /// SHA-256 of a tile file; cached for as long as its size, times and inode stay the same.
  package func tileDigest(of path: String) throws(FeatureStoreError) -> String { try digests.digest(of: path) }

  /// Keeps the digests that were computed, for the next session.
  package func saveTileDigests() throws(FeatureStoreError) { try digests.save() }

  /// The stored features of a slide, if they were computed from tile data with this digest.
  ///
  /// A file that cannot be read counts as absent: it is computed anew and replaced.
  ///
  /// - Throws: `unknownVersion` for a file of a newer program, which must not be replaced.
  package func features(
    of slide: String, key: StoreKey, tileDigest: String
  ) throws(FeatureStoreError) -> StoredSlideFeatures? {
    let path = self.path(of: slide, key: key)
    guard access(path, R_OK) == 0 else { return nil }
    let stored: StoredSlideFeatures
    do throws(FeatureStoreError) { stored = try StoredSlideFeatures(path: path) } catch {
      if case .unknownVersion = error { throw error }
      return nil
    }
    return stored.slide == slide && stored.tileDigest == tileDigest ? stored : nil
  }

  /// Features of a slide, and the key that they lie under.
  package struct Entry: Sendable {
    package let features: StoredSlideFeatures
    package let key: StoreKey

    package init(features: StoredSlideFeatures, key: StoreKey) {
      self.features = features
      self.key = key
    }
  }

  /// The stored features of a slide under the first of several keys that has them.
  package func entry(
    of slide: String, keys: [StoreKey], tileDigest: String
  ) throws(FeatureStoreError) -> Entry? {
    for key in keys {
      if let stored = try features(of: slide, key: key, tileDigest: tileDigest) {
        return Entry(features: stored, key: key)
      }
    }
    return nil
  }

  /// Prepares the folder of a key: what killed programs left there is removed.
  package func prepare(_ key: StoreKey) throws(FeatureStoreError) {
    try createFolder(of: key)
    WholeFile.removeLeftovers(in: folder(for: key))
  }

  private func createFolder(of key: StoreKey) throws(FeatureStoreError) {
    let folder = folder(for: key)
    try StoreFile.createFolder(folder)
    let keyPath = folder + "/key.json"
    if access(keyPath, F_OK) != 0 { try StoreFile.write(Array((key.text + "\n").utf8), to: keyPath) }
  }

  /// The right to compute a slide, or who has it. The key's folder must have been prepared.
  package func claim(_ slide: String, key: StoreKey) throws(FeatureStoreError) -> SlideLock.Outcome {
    try SlideLock.claim(path(of: slide, key: key) + ".lock")
  }

  /// What is noted beside the slides of an import once all of them are there; nil before.
  package func note(of key: StoreKey) -> Data? {
    try? Data(contentsOf: URL(fileURLWithPath: folder(for: key) + "/import.json"))
  }

  package func saveNote(_ note: Data, of key: StoreKey) throws(FeatureStoreError) {
    try StoreFile.write(Array(note), to: folder(for: key) + "/import.json")
  }

  /// Bytes that the store's disk has left; nil where the system does not say.
  package var freeBytes: Int? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return nil }
    return Int(clamping: status.f_bavail) * Int(clamping: status.f_frsize)
  }

  /// Writes the features of a slide and opens them as stored.
  package func save(
    _ slide: SlideFeatures, key: StoreKey, tileDigest: String
  ) throws(FeatureStoreError) -> StoredSlideFeatures {
    try createFolder(of: key)
    let path = self.path(of: slide.slide, key: key)
    try StoredSlideFeatures.write(slide, key: key, tileDigest: tileDigest, to: path)
    return try StoredSlideFeatures(path: path)
  }

  private func path(of slide: String, key: StoreKey) -> String {
    "\(folder(for: key))/\(Self.fileName(of: slide)).h5"
  }

  /// A slide's name with what a file name cannot hold written as %XX; of one that is too long the beginning.
  package static func fileName(of slide: String) -> String {
    var name = ""
    for byte in slide.utf8 {
      let isUnsafe = byte < 0x20 || byte == 0x2F || byte == 0x25 || byte == 0x7F || (name.isEmpty && byte == 0x2E)
      name += isUnsafe ? "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) : ""
      if !isUnsafe { name.unicodeScalars.append(Unicode.Scalar(byte)) }
    }
    let written = String(decoding: name.unicodeScalars.map { UInt8($0.value) }, as: UTF8.self)
    return SafeFileName.shortened(written, of: slide, toByteCount: longestFileName)
  }

  /// What file systems take, without room for the longest ending, `.index.npz`.
  private static let longestFileName = 255 - 10

  // MARK: Maps

  /// The map stored under a key that names everything it depends on; nil if there is none.
  package func map(_ key: StoreKey) -> StoredMap? {
    let path = mapPath(key)
    guard access(path, R_OK) == 0, let map = try? StoredMap(path: path) else { return nil }
    return map.identity == key.text ? map : nil
  }

  /// - Parameter map: its identity is the key's text.
  package func saveMap(_ map: StoredMap, key: StoreKey) throws(FeatureStoreError) {
    try StoreFile.createFolder(folder + "/maps")
    try map.write(to: mapPath(key))
  }

  // MARK: Calibrations

  /// How networks in eight bits were calibrated, by the digest of a key; nil if there is none.
  package func calibration(_ digest: String) -> Data? {
    try? Data(contentsOf: URL(fileURLWithPath: calibrationPath(digest)))
  }

  package func saveCalibration(_ data: Data, _ digest: String) throws(FeatureStoreError) {
    try StoreFile.createFolder(folder + "/calibrations")
    try StoreFile.write(Array(data), to: calibrationPath(digest))
  }

  private func calibrationPath(_ digest: String) -> String { "\(folder)/calibrations/\(digest.prefix(32)).json" }

  private func mapPath(_ key: StoreKey) -> String { "\(folder)/maps/\(key.digest.prefix(32)).h5" }
}
