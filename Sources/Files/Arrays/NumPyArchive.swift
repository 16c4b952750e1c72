/// NumPy's `.npz` format: a zip of `.npy` arrays, stored or deflated.
///
/// An array's header is read before its numbers, so that who reads it can refuse a size before memory is taken: a small
/// file can claim much.
package struct NumPyArchive: ~Copyable {
  private let archive: ZipArchive

  /// Reads the archive's directory.
  package init(path: String) throws(FileFault) { archive = try ZipArchive(path: path) }

  /// The names of its arrays, as they stand in the archive.
  package var names: [String] {
    archive.entries.compactMap { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : nil }
  }

  package func contains(_ name: String) -> Bool { archive.entry(name + ".npy") != nil }

  /// The header of an array, whose size the archive confirms.
  package func header(of name: String) throws(FileFault) -> NumPyHeader {
    let entry = try entry(name)
    let header = try NumPyHeader(archive.beginning(of: entry, count: NumPyHeader.longest))
    if let itemByteCount = header.itemByteCount {
      let (dataByteCount, overflow) = (header.count ?? .max).multipliedReportingOverflow(by: itemByteCount)
      guard !overflow, dataByteCount == entry.byteCount - header.byteCount else {
        throw .damaged(what: "the size of its array does not fit its shape")
      }
    }
    return header
  }

  /// An array; one of more numbers, or of a kind that is not read, is refused before memory is taken for it.
  package func array(_ name: String, maximumCount: Int) throws(FileFault) -> NumPyArray {
    _ = try header(of: name).dataByteCount(maximumCount: maximumCount)
    return try NumPyArray(bytes(of: name), maximumCount: maximumCount)
  }

  /// The `.npy` file of an array, header and numbers; its checksum is compared.
  package func bytes(of name: String) throws(FileFault) -> [UInt8] {
    let entry = try entry(name)
    return try archive.contents(of: entry, limit: entry.byteCount)
  }

  /// The last bytes of an array; of one that is stored nothing else is read.
  package func lastBytes(_ count: Int, of name: String) throws(FileFault) -> [UInt8] {
    let entry = try entry(name)
    guard !entry.isDeflated else { return try bytes(of: name).suffix(count) }
    var bytes = [UInt8](repeating: 0, count: min(count, entry.byteCount))
    try bytes.withUnsafeMutableBufferPointer { buffer throws(FileFault) in
      try archive.read(entry, at: entry.byteCount - buffer.count, into: UnsafeMutableRawBufferPointer(buffer))
    }
    return bytes
  }

  private func entry(_ name: String) throws(FileFault) -> ZipArchive.Entry {
    guard let entry = archive.entry(name + ".npy") else { throw .unsupported(what: "it has no array \(name)") }
    return entry
  }

  /// Writes int64 arrays of shape `n × 2`, uncompressed.
  package static func write(_ arrays: [(name: String, pairs: [(Int, Int)])], to path: String) throws(FileFault) {
    var file = try UnfinishedFile(path: path)
    var zip = ZipWriter(file.descriptor)
    for (name, pairs) in arrays { try zip.add(name + ".npy", NumPyPairs.array(pairs)) }
    try zip.finish()
    try file.finish()
  }
}
