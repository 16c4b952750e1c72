package import FeatureData

/// The coordinates of a map, with what was measured when it was made.
///
/// The format, version 3: an HDF5 file with a contiguous data set `coordinates` f4 n × 2 or n × 3 as the embedding
/// gave them, `remarks` (m × 1 texts: sentences for the user), and attributes `format` = "tessera-map", `version`,
/// `identity` (the text of the key: JSON; in version 2 lines of text) and `digest` (SHA-256 of the identity and the remarks,
/// each followed by a line feed, and of the coordinates' bytes).
package struct StoredMap: Sendable, Equatable {
  package static let format = "tessera-map"
  package static let version = 3
  private static let versionsRead = 2...version

  /// The text of the key, which names everything that the map depends on.
  package let identity: String
  package let coordinates: Matrix
  package let remarks: [String]

  package init(identity: String, coordinates: Matrix, remarks: [String]) {
    self.identity = identity
    self.coordinates = coordinates
    self.remarks = remarks
  }

  /// - Throws: `FeatureStoreError` for a file that cannot be read, is none of this format, or is damaged.
  package init(path: String) throws(FeatureStoreError) {
    let file = try HDF5File.open(path)
    guard try file.textAttribute("format") == Self.format else {
      throw .notOfFormat(path: path, missing: "attribute format = \(Self.format)")
    }
    let version = try file.integerAttribute("version")
    guard Self.versionsRead.contains(version) else {
      throw .unknownVersion(path: path, found: version, newest: Self.version)
    }
    identity = try file.textAttribute("identity")
    remarks = try file.texts("remarks")
    coordinates = try file.floats("coordinates")
    guard try file.textAttribute("digest") == digest else { throw .damaged(path: path) }
  }

  private var digest: String {
    ContentDigest.of(([identity] + remarks).map { $0 + "\n" }.joined(), coordinates.elements)
  }

  package func write(to path: String) throws(FeatureStoreError) {
    try StoreFile.write(path) { temporary throws(FeatureStoreError) in
      let file = try HDF5File.create(temporary)
      try file.setAttribute("format", Self.format)
      try file.setAttribute("version", Self.version)
      try file.setAttribute("identity", identity)
      try file.setAttribute("digest", digest)
      try file.write("coordinates", coordinates)
      try file.write("remarks", remarks)
      try file.flush()
    }
  }
}
