import CZlib
import Glibc

/// A whole file that is compressed with gzip (RFC 1952) or zlib (RFC 1950).
package enum CompressedFile {
  /// True for the first bytes of such a file, which those of another can be by chance.
  package static func begins(_ bytes: some Collection<UInt8>) -> Bool {
    let start = Array(bytes.prefix(3))
    guard start.count == 3 else { return false }
    if start[0] == 0x1F, start[1] == 0x8B, start[2] == 8 { return true }
    return start[0] & 0x0F == 8 && start[0] >> 4 <= 7 && (Int(start[0]) << 8 | Int(start[1])).isMultiple(of: 31)
  }

  private static let pieceByteCount = 1 << 20

  /// Writes what is in it as a file of its own, piece by piece.
  ///
  /// - Throws: `damaged` where it is cut off or its checksum does not fit.
  package static func unpack(_ path: String, to target: String) throws(FileFault) {
    let source = try ReadableFile(path: path)
    var output = try UnfinishedFile(path: target)
    var stream = z_stream()
    guard inflate_begin_wrapped(&stream) == Z_OK else { throw .damaged(what: "zlib could not be started") }
    defer { inflateEnd(&stream) }
    var place = 0
    var status = Z_OK
    var room = [UInt8](repeating: 0, count: pieceByteCount)
    while place < source.byteCount {
      var piece = try source.bytes(at: place, count: pieceByteCount)
      guard !piece.isEmpty else { break }
      place += piece.count
      var used = 0
      while used < piece.count {
        // Files that were joined are one behind the other.
        if status == Z_STREAM_END { inflateReset(&stream) }
        let taken = used
        var filled = 0
        piece.withUnsafeMutableBufferPointer { input in
          room.withUnsafeMutableBufferPointer { buffer in
            stream.next_in = input.baseAddress.map { $0 + taken }
            stream.avail_in = UInt32(input.count - taken)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            status = inflate(&stream, Z_NO_FLUSH)
            filled = buffer.count - Int(stream.avail_out)
          }
        }
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
          throw .damaged(what: "its compressed data is damaged")
        }
        used = piece.count - Int(stream.avail_in)
        if filled > 0 { try output.append(Array(room[..<filled])) }
        if filled == 0, used == taken { break }
      }
      // What is left in zlib when the input is used up.
      while status == Z_OK, stream.avail_out == 0 {
        var filled = 0
        room.withUnsafeMutableBufferPointer { buffer in
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          status = inflate(&stream, Z_NO_FLUSH)
          filled = buffer.count - Int(stream.avail_out)
        }
        if filled > 0 { try output.append(Array(room[..<filled])) }
        if status == Z_BUF_ERROR {
          status = Z_OK
          break
        }
      }
    }
    guard status == Z_STREAM_END else { throw .damaged(what: "it is compressed, and cut off") }
    try output.finish()
  }
}
