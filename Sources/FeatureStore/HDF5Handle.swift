import CHDF5

/// An identifier of the HDF5 library, with the function that releases it.
struct HDF5Handle: ~Copyable {
  let id: hid_t
  let release: (hid_t) -> herr_t

  deinit { _ = release(id) }

  /// The innermost sentence of the calling thread's error stack.
  static func reason() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    tessera_h5_error_text(&buffer)
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The library's own text is long; where the system refused, the system's words are in it.
    if let start = text.firstRange(of: "error message = '"), let end = text[start.upperBound...].firstIndex(of: "'") {
      return String(text[start.upperBound..<end])
    }
    return text.isEmpty ? "the HDF5 library gives no reason" : text
  }
}
