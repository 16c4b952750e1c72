import COpenSSL
import Glibc

/// SHA-256 (FIPS 180-4) of files and texts, as 64 hexadecimal digits.
package enum ContentDigest {
  package static func ofText(_ text: String) -> String { of(text, [Float]()) }

  /// Of the bytes of numbers, after those of a text.
  package static func of<Number: BitwiseCopyable>(_ text: String, _ numbers: [Number]) -> String {
    var context = Hasher()
    Array(text.utf8).withUnsafeBytes { context.update($0) }
    numbers.withUnsafeBytes { context.update($0) }
    return context.finish()
  }

  /// Reads the file through.
  package static func ofFile(_ path: String) throws(FeatureStoreError) -> String {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var context = Hasher()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return context.finish() }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
      }
      buffer.withUnsafeBytes { context.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }

  private struct Hasher: ~Copyable {
    private let context = EVP_MD_CTX_new()

    init() { EVP_DigestInit_ex(context, EVP_sha256(), nil) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    mutating func finish() -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      EVP_DigestFinal_ex(context, &digest, nil)
      let digits = Array("0123456789abcdef")
      return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    deinit { EVP_MD_CTX_free(context) }
  }
}
