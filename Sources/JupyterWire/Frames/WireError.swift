public import Files

/// What can be wrong with a connection file or with a message from a front end.
public enum WireError: Error, Equatable, Sendable {
  case connectionFileUnreadable(path: String, reason: String)
  case connectionFileNotJSON(JSONFault)
  case connectionFileNotAnObject
  case missingSetting(name: String)
  case wrongSettingType(name: String, expected: String)
  case unknownTransport(String)
  case unknownSignatureScheme(String)
  case portOutOfRange(name: String, value: Int)
  case duplicatePort(Int)

  case noDelimiter
  case tooFewFrames(Int)
  case malformedSignature
  case wrongSignature
  case replayedSignature
  case malformedJSON(part: String, JSONFault)
  case notAnObject(part: String)
  case missingField(name: String)
  case wrongFieldType(name: String, expected: String)
}

extension WireError: CustomStringConvertible {
  /// One line for a log or a terminal.
  public var description: String {
    switch self {
    case .connectionFileUnreadable(let path, let reason): "cannot read the connection file '\(path)': \(reason)"
    case .connectionFileNotJSON(let fault): "the connection file is not JSON: \(fault.reason) at byte \(fault.offset)"
    case .connectionFileNotAnObject: "the connection file holds no JSON object"
    case .missingSetting(let name): "the connection file has no '\(name)'"
    case .wrongSettingType(let name, let expected): "'\(name)' in the connection file must be \(expected)"
    case .unknownTransport(let transport): "unknown transport '\(transport)' (tcp or ipc)"
    case .unknownSignatureScheme(let scheme): "unknown signature_scheme '\(scheme)' (hmac-sha256)"
    case .portOutOfRange(let name, let value): "\(name) is \(value), outside 1...65535"
    case .duplicatePort(let value): "port \(value) is named twice"
    case .noDelimiter: "no <IDS|MSG> delimiter"
    case .tooFewFrames(let count): "only \(count) frames after the delimiter"
    case .malformedSignature: "the signature is not 64 hexadecimal digits"
    case .wrongSignature: "the signature does not fit"
    case .replayedSignature: "the signature was seen before"
    case .malformedJSON(let part, let fault): "\(part) is not JSON: \(fault.reason) at byte \(fault.offset)"
    case .notAnObject(let part): "\(part) is not a JSON object"
    case .missingField(let name): "'\(name)' is missing"
    case .wrongFieldType(let name, let expected): "'\(name)' must be \(expected)"
    }
  }
}
