import Files
import Foundation
import Testing

@testable import JupyterWire

@Suite struct MessageCodecTests {
  private let key = Array("a0436f6c-1916-498b-8eb9-e81ab9368e84".utf8)
  private let frames = [#"{"msg_id":"1"}"#, "{}", "{}", #"{"code":"echo é"}"#].map { Array($0.utf8) }

  private func signed(_ parts: [String], identities: [String] = ["me"], buffers: [[UInt8]] = []) -> [[UInt8]] {
    let bytes = parts.map { Array($0.utf8) }
    return identities.map { Array($0.utf8) }
      + [MessageCodec.delimiter, MessageSigner(key: key).signature(of: bytes)] + bytes + buffers
  }

  private let header = #"{"msg_id":"7","msg_type":"execute_request","session":"s","username":"u","version":"5.5"}"#

  @Test func theSignatureIsTheOneThatPythonsHmacGives() {
    let signature = String(decoding: MessageSigner(key: key).signature(of: frames), as: UTF8.self)
    #expect(signature == "d91982b5ea675cca338433405ec111adab087af67ad72b1b2d0a7ecdfd261371")
  }

  @Test func theFirstVectorOfRFC4231Holds() {
    let digest = MessageSigner(key: [UInt8](repeating: 0x0B, count: 20)).digest(of: [Array("Hi There".utf8)])
    let digits = digest.map { String(format: "%02x", $0) }.joined()
    #expect(digits == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
  }

  @Test func aKeyLongerThanABlockIsHashedFirst() {
    // The sixth vector of RFC 4231.
    let text = "Test Using Larger Than Block-Size Key - Hash Key First"
    let digest = MessageSigner(key: [UInt8](repeating: 0xAA, count: 131)).digest(of: [Array(text.utf8)])
    let digits = digest.map { String(format: "%02x", $0) }.joined()
    #expect(digits == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test func framesAreWrittenInTheOrderOfTheWireProtocol() throws {
    let codec = MessageCodec(key: key, session: "here")
    let parent = JSONFragment(verbatim: Array(header.utf8))
    let written = codec.encode(
      OutgoingMessage(
        type: "status", content: .object([("execution_state", .string("busy"))]), parentHeader: parent,
        identities: [[1, 2], [3]], buffers: [[9, 9]]))
    #expect(written.count == 9)
    #expect(written[0...2] == [[1, 2], [3], Array("<IDS|MSG>".utf8)])
    #expect(written[3] == MessageSigner(key: key).signature(of: Array(written[4...7])))
    let text = String(decoding: written[4], as: UTF8.self)
    let expected = try Regex(
      #"\{"msg_id":"here_1","session":"here","username":"kernel","date":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","msg_type":"status","version":"5\.5"\}"#
    )
    #expect(text.wholeMatch(of: expected) != nil)
    #expect(written[5] == Array(header.utf8))
    #expect(written[6] == Array("{}".utf8))
    #expect(written[7] == Array(#"{"execution_state":"busy"}"#.utf8))
    #expect(written[8] == [9, 9])
  }

  @Test func aGoodMessageIsDecodedAndItsReplyGoesBackTheSameWay() throws {
    let message = try MessageCodec(key: key).decode(
      signed([header, "{}", "{}", #"{"code":"x"}"#], identities: ["a", "b"], buffers: [[5]]))
    #expect(message.header.type == "execute_request")
    #expect(message.header.identifier == "7")
    #expect(message.buffers == [[5]])
    #expect(try ExecuteRequest(message.content).code == "x")
    let reply = OutgoingMessage(replyTo: message, content: .emptyObject)
    #expect(reply.type == "execute_reply")
    #expect(reply.identities == [Array("a".utf8), Array("b".utf8)])
    #expect(reply.parentHeader.bytes == Array(header.utf8))
  }

  @Test func aReplayedMessageIsRefused() throws {
    let codec = MessageCodec(key: key)
    let frames = signed([header, "{}", "{}", "{}"])
    _ = try codec.decode(frames)
    #expect(throws: WireError.replayedSignature) { try codec.decode(frames) }
    var upperCase = frames
    upperCase[2] = Array(String(decoding: frames[2], as: UTF8.self).uppercased().utf8)
    #expect(throws: WireError.replayedSignature) { try codec.decode(upperCase) }
  }

  @Test func aWrongSignatureIsRefusedBeforeAnyJSONIsRead() throws {
    let codec = MessageCodec(key: key)
    var frames = signed(["not json", "{}", "{}", "{}"])
    frames[2][0] = frames[2][0] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
    #expect(throws: WireError.wrongSignature) { try codec.decode(frames) }
    for signature in ["", "ab", String(repeating: "g", count: 64), String(repeating: "a", count: 65)] {
      frames[2] = Array(signature.utf8)
      #expect(throws: WireError.malformedSignature) { try codec.decode(frames) }
    }
    // A refused signature is not noted as seen: the right message still passes.
    _ = try codec.decode(signed([header, "{}", "{}", "{}"]))
  }

  @Test func brokenFramesAreRefused() throws {
    let codec = MessageCodec(key: key)
    #expect(throws: WireError.noDelimiter) { try codec.decode([]) }
    #expect(throws: WireError.noDelimiter) { try codec.decode([[1], [2], []]) }
    #expect(throws: WireError.tooFewFrames(0)) { try codec.decode([MessageCodec.delimiter]) }
    #expect(throws: WireError.tooFewFrames(4)) { try codec.decode(Array(signed([header, "{}", "{}"]))) }
    #expect(throws: WireError.notAnObject(part: "content")) { try codec.decode(signed([header, "{}", "{}", "[]"])) }
    #expect(throws: WireError.missingField(name: "msg_id")) { try codec.decode(signed(["{}", "{}", "{}", "{}"])) }
    #expect(throws: WireError.wrongFieldType(name: "msg_type", expected: "text")) {
      try codec.decode(signed([#"{"msg_id":"1","msg_type":3}"#, "{}", "{}", "{}"]))
    }
  }

  @Test func withoutAKeyNothingIsSignedAndEverythingAccepted() throws {
    let codec = MessageCodec(key: [])
    var frames = signed([header, "{}", "{}", "{}"])
    frames[2] = []
    _ = try codec.decode(frames)
    _ = try codec.decode(frames)
    #expect(codec.encode(OutgoingMessage(type: "status", content: .emptyObject))[1].isEmpty)
  }

  @Test func theReplayGuardForgetsTheOldestFirst() {
    var replays = ReplayGuard(capacity: 2)
    for digest: UInt8 in [1, 2, 3] {
      let isNew = replays.admit([digest])
      #expect(isNew)
    }
    let oldestIsForgotten = replays.admit([1])
    let newestIsKnown = !replays.admit([3])
    #expect(oldestIsForgotten && newestIsKnown)
  }

  @Test func mutatedMessagesAreDecodedOrRefusedButNeverFatal() {
    var generator = SeededGenerator(state: 20_261)
    let unsigned = MessageCodec(key: [])
    let original =
      [[1], MessageCodec.delimiter, []]
      + [header, "{}", "{}", #"{"code":"é\u00e9","n":[1.5e3,null]}"#].map {
        Array($0.utf8)
      }
    var decoded = 0
    for _ in 0..<20_000 {
      var frames = original
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        let frame = Int.random(in: 0..<frames.count, using: &generator)
        if frames[frame].isEmpty || Int.random(in: 0..<20, using: &generator) == 0 {
          frames.remove(at: frame)
          if frames.isEmpty { break }
        } else {
          let place = Int.random(in: 0..<frames[frame].count, using: &generator)
          frames[frame][place] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      if (try? unsigned.decode(frames)) != nil { decoded += 1 }
    }
    #expect((1000..<19_000).contains(decoded), "\(decoded)")
  }
}

/// A linear congruential generator (Knuth, MMIX), so that every run mutates alike.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 32
  }
}
