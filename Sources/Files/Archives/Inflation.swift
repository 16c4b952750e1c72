import CZlib

/// Unpacks deflated parts of zip archives (RFC 1951, through zlib).
enum Inflation {
  /// The first bytes, as many as asked for.
  static func bytes(of stored: [UInt8], byteCount: Int) throws(FileFault) -> [UInt8] {
    guard stored.count < 1 << 32, byteCount < 1 << 32 else { throw .unsupported(what: "its parts are too large") }
    var stream = z_stream()
    guard inflate_begin_raw(&stream) == Z_OK else { throw .damaged(what: "zlib could not be started") }
    defer { inflateEnd(&stream) }
    var input = stored
    var status = Z_OK
    let output = [UInt8](unsafeUninitializedCapacity: byteCount) { output, filled in
      input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(byteCount)
        status = inflate(&stream, Z_SYNC_FLUSH)
      }
      filled = byteCount - Int(stream.avail_out)
    }
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR, output.count == byteCount else {
      throw .damaged(what: "its compressed data is damaged")
    }
    return output
  }
}
