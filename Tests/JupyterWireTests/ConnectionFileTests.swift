import Files
import Foundation
import Testing

@testable import JupyterWire

@Suite struct ConnectionFileTests {
  private func file(_ changes: [String: String?] = [:]) -> [UInt8] {
    var settings: [String: String?] = [
      "transport": "\"tcp\"", "ip": "\"127.0.0.1\"", "key": "\"secret\"", "signature_scheme": "\"hmac-sha256\"",
      "shell_port": "1", "iopub_port": "2", "stdin_port": "3", "control_port": "4", "hb_port": "65535",
    ]
    for (name, value) in changes { settings[name] = value }
    let members = settings.compactMap { name, value in value.map { "\"\(name)\": \($0)" } }
    return Array("{\(members.joined(separator: ","))}".utf8)
  }

  @Test func aGoodFileGivesItsEndpointsAndKey() throws {
    let connection = try ConnectionFile(json: file())
    #expect(connection.endpoint(.shell) == "tcp://127.0.0.1:1")
    #expect(connection.endpoint(.heartbeat) == "tcp://127.0.0.1:65535")
    #expect(connection.key == Array("secret".utf8))
    let local = try ConnectionFile(json: file(["transport": "\"ipc\"", "ip": "\"/tmp/k\""]))
    #expect(local.endpoint(.iopub) == "ipc:///tmp/k-2")
    #expect(local.socketPaths.contains("/tmp/k-2") && connection.socketPaths.isEmpty)
  }

  private static let badSettings: [(name: String, value: String?, error: WireError)] = [
    ("hb_port", "99999999", WireError.portOutOfRange(name: "hb_port", value: 99_999_999)),
    ("shell_port", "0", .portOutOfRange(name: "shell_port", value: 0)),
    ("shell_port", "-5", .portOutOfRange(name: "shell_port", value: -5)),
    ("shell_port", "\"80\"", .wrongSettingType(name: "shell_port", expected: "a whole number")),
    ("shell_port", "2", .duplicatePort(2)),
    ("iopub_port", nil, .missingSetting(name: "iopub_port")),
    ("transport", "\"udp\"", .unknownTransport("udp")),
    ("ip", "7", .wrongSettingType(name: "ip", expected: "text")),
    ("key", nil, .missingSetting(name: "key")),
    ("signature_scheme", "\"hmac-nonsense\"", .unknownSignatureScheme("hmac-nonsense")),
    ("signature_scheme", nil, .missingSetting(name: "signature_scheme")),
  ]

  @Test(arguments: badSettings)
  func aBadSettingIsNamed(_ name: String, _ value: String?, _ error: WireError) {
    // Which of two equal ports is met first does not depend on the order in the file.
    #expect(throws: error) { try ConnectionFile(json: file([name: value])) }
  }

  @Test func anEmptyKeyNeedsNoScheme() throws {
    #expect(try ConnectionFile(json: file(["key": "\"\"", "signature_scheme": nil])).key.isEmpty)
  }

  @Test func whatIsNoConnectionFileIsSaidToBeNone() {
    #expect(throws: WireError.connectionFileNotAnObject) { try ConnectionFile(json: Array("[]".utf8)) }
    #expect(throws: WireError.missingSetting(name: "transport")) { try ConnectionFile(json: Array("{}".utf8)) }
    #expect(throws: WireError.connectionFileNotJSON(JSONFault(reason: .unexpectedByte, offset: 1))) {
      try ConnectionFile(json: Array("nope".utf8))
    }
    do throws(WireError) {
      _ = try ConnectionFile(path: "/nonexistent/kernel.json")
      Issue.record("an absent file was accepted")
    } catch {
      guard case .connectionFileUnreadable("/nonexistent/kernel.json", _) = error else {
        Issue.record("wrong error: \(error)")
        return
      }
    }
  }
}
