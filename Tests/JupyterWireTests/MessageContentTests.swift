import Files
import JupyterWire
import Testing

@Suite struct MessageContentTests {
  private func content(_ json: String) throws -> RequestContent {
    RequestContent(members: try JSONValue(parsing: Array(json.utf8)).members ?? [:])
  }

  private func text(_ fragment: JSONFragment) -> String { String(decoding: fragment.bytes, as: UTF8.self) }

  @Test func anExecuteRequestHasTheDefaultsOfTheSpecification() throws {
    let request = try ExecuteRequest(content(#"{"code":"a"}"#))
    #expect(!request.isSilent && request.storesHistory && request.stopsOnError)
    let silent = try ExecuteRequest(content(#"{"code":"a","silent":true,"store_history":true,"stop_on_error":false}"#))
    #expect(silent.isSilent && !silent.storesHistory && !silent.stopsOnError)
    #expect(throws: WireError.missingField(name: "code")) { try ExecuteRequest(content("{}")) }
    #expect(throws: WireError.wrongFieldType(name: "silent", expected: "true or false")) {
      try ExecuteRequest(content(#"{"code":"a","silent":"yes"}"#))
    }
  }

  @Test func theCursorCountsUnicodeScalarsAndIsClamped() throws {
    #expect(try CodePosition(content(#"{"code":"a😀é","cursor_pos":2}"#)).cursor == 2)
    #expect(try CodePosition(content(#"{"code":"a😀é","cursor_pos":1000000000000000000}"#)).cursor == 3)
    #expect(try CodePosition(content(#"{"code":"a😀"}"#)).cursor == 2)
    #expect(throws: WireError.self) { try CodePosition(content(#"{"code":"a","cursor_pos":-1}"#)) }
    #expect(throws: WireError.self) { try CodePosition(content(#"{"code":"a","cursor_pos":1.5}"#)) }
  }

  @Test func repliesAreWrittenAsSpecified() {
    #expect(
      text(ExecuteReply.ok(count: 3, payloads: [.page(MIMEBundle(plain: "p"))], values: []))
        == #"{"status":"ok","execution_count":3,"payload":[{"source":"page","data":{"text/plain":"p"},"start":0}],"user_expressions":{}}"#
    )
    #expect(text(ExecuteReply.aborted) == #"{"status":"aborted"}"#)
    #expect(
      text(Completions(matches: ["ab"], range: 1..<2, types: ["name"]).replyContent)
        == #"{"status":"ok","matches":["ab"],"cursor_start":1,"cursor_end":2,"metadata":{"_jupyter_types_experimental":[{"text":"ab","type":"name","start":1,"end":2}]}}"#
    )
    #expect(text(Inspection.replyContent(nil)) == #"{"status":"ok","found":false,"data":{},"metadata":{}}"#)
    #expect(text(Completeness.incomplete(indent: "  ").replyContent) == #"{"status":"incomplete","indent":"  "}"#)
    #expect(
      text(HistoryEntry.replyContent([HistoryEntry(session: 1, line: 2, input: "i", output: nil)], withOutput: true))
        == #"{"status":"ok","history":[[1,2,["i",null]]]}"#)
  }

  @Test func aSubscriptionThatIsNoTextIsNotWelcomed() {
    #expect(OutgoingMessage.welcome(subscription: [0xFF]) == nil)
    #expect(OutgoingMessage.welcome(subscription: Array("é".utf8))?.identities == [Array("é".utf8)])
  }

  @Test func aPictureCarriesItsSizeInItsMetadata() {
    let message = OutgoingMessage.display(
      MIMEBundle(png: [1, 2, 3], width: 4, height: 5, plain: "p"), displayID: "d", parent: .emptyObject)
    #expect(message.type == "display_data")
    #expect(
      text(message.content)
        == #"{"data":{"image/png":"AQID","text/plain":"p"},"metadata":{"image/png":{"width":4,"height":5}},"transient":{"display_id":"d"}}"#
    )
  }
}
