import COpenSSL

/// Signs the four JSON frames of a message, and checks such signatures.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol>.
public struct MessageSigner: Sendable {
  /// 32 bytes of HMAC-SHA256 (RFC 2104).
  public typealias Digest = [UInt8]

  private let key: [UInt8]

  /// - Parameter key: the connection file's key as bytes; empty for messages without signature.
  public init(key: [UInt8]) { self.key = key }

  /// False if the key is empty: then every message is accepted and none is signed.
  public var isSigning: Bool { !key.isEmpty }

  /// The digest of the frames one after the other.
  public func digest(of frames: [[UInt8]]) -> Digest {
    _ = Self.keepsLibraryUntilTheEnd
    let algorithm = EVP_MAC_fetch(nil, OSSL_MAC_NAME_HMAC, nil)
    precondition(algorithm != nil, "libcrypto offers no HMAC")
    let context = EVP_MAC_CTX_new(algorithm)
    defer {
      EVP_MAC_CTX_free(context)
      EVP_MAC_free(algorithm)
    }
    var digestName = Array("SHA256".utf8CString)
    var digest = Digest(repeating: 0, count: 32)
    var length = 0
    digestName.withUnsafeMutableBufferPointer { name in
      let parameters = [
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0), OSSL_PARAM_construct_end(),
      ]
      var succeeded = EVP_MAC_init(context, key, key.count, parameters)
      for frame in frames where succeeded == 1 { succeeded = EVP_MAC_update(context, frame, frame.count) }
      if succeeded == 1 { succeeded = EVP_MAC_final(context, &digest, &length, digest.count) }
      precondition(succeeded == 1 && length == 32, "libcrypto cannot compute HMAC-SHA256")
    }
    return digest
  }

  /// The frame that precedes the header: the digest in lower-case hexadecimal, empty without a key.
  public func signature(of frames: [[UInt8]]) -> [UInt8] {
    guard isSigning else { return [] }
    let digits = Array("0123456789abcdef".utf8)
    return digest(of: frames).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Checks a received signature in a time that does not depend on where it differs.
  ///
  /// - Returns: the digest, or nil without a key.
  /// - Throws: `WireError.malformedSignature` or `.wrongSignature`.
  public func verify(_ signature: [UInt8], of frames: [[UInt8]]) throws(WireError) -> Digest? {
    guard isSigning else { return nil }
    guard let claimed = Self.decode(signature) else { throw .malformedSignature }
    guard CRYPTO_memcmp(claimed, digest(of: frames), 32) == 0 else { throw .wrongSignature }
    return claimed
  }

  /// By default libcrypto is torn down by `exit`, under the feet of threads that still sign.
  private static let keepsLibraryUntilTheEnd = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

  private static func decode(_ signature: [UInt8]) -> Digest? {
    guard signature.count == 64 else { return nil }
    var digest = Digest()
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = Character(Unicode.Scalar(signature[index])).hexDigitValue,
        let low = Character(Unicode.Scalar(signature[index + 1])).hexDigitValue
      else { return nil }
      digest.append(UInt8(high << 4 | low))
    }
    return digest
  }
}
