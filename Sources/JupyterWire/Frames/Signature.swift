import COpenSSL

/// Signs the four JSON frames of a message, and checks such signatures.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol>.
public struct MessageSigner: Sendable {
  /// 32 bytes of HMAC-SHA256 (RFC 2104).
  public typealias Digest = [UInt8]

  /// The hash after the key's block of 64 bytes, inside and outside; nil without a key.
  private let states: (inner: SHA256_CTX, outer: SHA256_CTX)?

  /// - Parameter key: the connection file's key as bytes; empty for messages without signature.
  public init(key: [UInt8]) {
    if key.isEmpty {
      states = nil
      return
    }
    var block = key
    if key.count > 64 { block = Self.finished(Self.state(after: key)) }
    block += [UInt8](repeating: 0, count: 64 - block.count)
    states = (Self.state(after: block.map { $0 ^ 0x36 }), Self.state(after: block.map { $0 ^ 0x5C }))
  }

  /// False if the key is empty: then every message is accepted and none is signed.
  public var isSigning: Bool { states != nil }

  /// The digest of the frames one after the other; empty without a key.
  public func digest(of frames: [[UInt8]]) -> Digest {
    guard var (inner, outer) = states else { return [] }
    for frame in frames { SHA256_Update(&inner, frame, frame.count) }
    SHA256_Update(&outer, Self.finished(inner), 32)
    return Self.finished(outer)
  }

  private static func state(after bytes: [UInt8]) -> SHA256_CTX {
    var state = SHA256_CTX()
    SHA256_Init(&state)
    SHA256_Update(&state, bytes, bytes.count)
    return state
  }

  private static func finished(_ state: SHA256_CTX) -> Digest {
    var state = state
    return Digest(unsafeUninitializedCapacity: 32) { buffer, count in
      SHA256_Final(buffer.baseAddress, &state)
      count = 32
    }
  }

  /// The frame that precedes the header: the digest in lower-case hexadecimal, empty without a key.
  public func signature(of frames: [[UInt8]]) -> [UInt8] {
    guard isSigning else { return [] }
    let digits = Array("0123456789abcdef".utf8)
    var signature: [UInt8] = []
    signature.reserveCapacity(64)
    for byte in digest(of: frames) {
      signature.append(digits[Int(byte >> 4)])
      signature.append(digits[Int(byte & 15)])
    }
    return signature
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

  private static func decode(_ signature: [UInt8]) -> Digest? {
    guard signature.count == 64 else { return nil }
    var digest = Digest()
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = value(signature[index]), let low = value(signature[index + 1]) else { return nil }
      digest.append(high << 4 | low)
    }
    return digest
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
