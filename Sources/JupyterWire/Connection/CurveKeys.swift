import Files

/// The key pair with which a kernel encrypts all of its sockets (CurveZMQ, <https://rfc.zeromq.org/spec/26>).
public struct CurveKeys: Sendable, Equatable {
  /// 32 bytes in Z85 (<https://rfc.zeromq.org/spec/32>): 40 characters.
  public let publicKey: String
  /// Likewise.
  public let secretKey: String

  /// - Throws: `WireError` if only one key is there or one is not 40 characters of Z85.
  init?(_ settings: [String: JSONValue]) throws(WireError) {
    let names = ["curve_publickey", "curve_secretkey"]
    if names.allSatisfy({ settings[$0] == nil || settings[$0] == .null }) { return nil }
    for name in names {
      let text = try ConnectionFile.text(name, in: settings)
      guard text.utf8.count == 40, text.utf8.allSatisfy(Self.isZ85) else {
        throw .wrongSettingType(name: name, expected: "40 characters of Z85")
      }
    }
    publicKey = try ConnectionFile.text(names[0], in: settings)
    secretKey = try ConnectionFile.text(names[1], in: settings)
  }

  private static func isZ85(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: ".-:+=^!/*?&<>()[]{}@%$#".utf8.contains(byte)
    }
  }
}
