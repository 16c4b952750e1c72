import Foundation
import Testing

@testable import Files

@Suite struct JSONTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test func everyKindOfValueIsParsed() throws {
    let value = try parse(#" {"a": [1, -2.5e1, true, false, null], "b": {"c": "d"}, "e": 1e400, "f": ""} "#)
    #expect(
      value
        == .object([
          "a": .array([.integer(1), .number(-25), .bool(true), .bool(false), .null]),
          "b": .object(["c": .string("d")]), "e": .number(.infinity), "f": .string(""),
        ]))
  }

  @Test func escapesAndSurrogatePairsBecomeText() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\té\ud83d\ude00""#) == .string("\"\\/\u{8}\u{c}\n\r\té😀"))
  }

  @Test func aParsedValueIsWrittenAgain() throws {
    let text = #"{"a":[1,-2.5,true,null,"é\n"],"b":{"c":{}}}"#
    #expect(String(decoding: JSONFragment(try parse(text)).bytes, as: UTF8.self) == text)
  }

  @Test func aLoneSurrogateBecomesTheReplacementCharacter() throws {
    #expect(try parse(#""a\ud83dz""#) == .string("a\u{FFFD}z"))
    #expect(try parse(#""\ud83d\u0041""#) == .string("\u{FFFD}A"))
  }

  @Test func anIntegerBeyondIntIsANumber() throws {
    #expect(try parse("1000000000000000000") == .integer(1_000_000_000_000_000_000))
    #expect(try parse("100000000000000000000") == .number(1e20))
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "01", "1.", "-", "1e", "tru", "\"\\x\"", "\"\\u12\"", "\"\n\"",
    "nul", "[1] 2", "\"abc", "\"\\", "+1", ".5", "[", "NaN", "'a'", "{\"a\":1,}",
  ])
  func malformedTextIsRefused(_ text: String) {
    #expect(throws: JSONFault.self) { try parse(text) }
  }

  @Test func textThatIsNotUTF8IsRefused() {
    #expect(throws: JSONFault(reason: .invalidUTF8, offset: 1)) {
      try JSONValue(parsing: [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")])
    }
  }

  @Test func fiveMillionBracketsAreRefusedWithoutOverflowingTheStack() {
    for bracket in [UInt8(ascii: "["), UInt8(ascii: "{")] {
      #expect(throws: JSONFault.self) { try JSONValue(parsing: [UInt8](repeating: bracket, count: 5_000_000)) }
    }
    #expect(throws: JSONFault(reason: .tooDeep, offset: JSONValue.maximumDepth)) {
      try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1000))
    }
  }

  @Test func everyControlCharacterQuoteAndBackslashIsEscaped() throws {
    let all = String(String.UnicodeScalarView((0...0x7F).compactMap { Unicode.Scalar(UInt32($0)) })) + "é😀\u{2028}"
    let written = JSONFragment.string(all).bytes
    #expect(written.allSatisfy { $0 >= 0x20 })
    #expect(try JSONValue(parsing: written) == .string(all))
    let foreign = try JSONSerialization.jsonObject(with: Data(written), options: .fragmentsAllowed) as? String
    #expect(foreign == all)
    #expect(JSONFragment.string("a\"\\\u{1}\n").bytes == Array(#""a\"\\\u0001\n""#.utf8))
  }

  @Test func objectsAndArraysKeepTheirOrder() {
    let fragment = JSONFragment.object([
      ("z", .integer(-1)), ("a", .array([.null, .bool(true), .number(0.5), .number(.nan)])), ("e", .emptyObject),
    ])
    #expect(String(decoding: fragment.bytes, as: UTF8.self) == #"{"z":-1,"a":[null,true,0.5,null],"e":{}}"#)
  }

  @Test(arguments: 0..<10)
  func base64AgreesWithFoundation(_ count: Int) {
    let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 83 + 7) }
    #expect(JSONFragment.base64(data).bytes == Array("\"\(Data(data).base64EncodedString())\"".utf8))
  }

  @Test func fiveMegabytesOfBase64TakeNoTimeThatAnyoneWouldNotice() {
    let data = [UInt8](repeating: 0xA7, count: 5_000_000)
    let clock = ContinuousClock()
    var fragment = JSONFragment.null
    let time = clock.measure { fragment = .base64(data) }
    #expect(fragment.bytes.count == 6_666_668 + 2)
    // Some 10 ms; the bound leaves room for sanitizers and busy machines.
    #expect(time < .milliseconds(500))
    print("base64 of 5 MB: \(time)")
  }
}

@Suite("JSON as Python writes it") struct PythonJSONTests {
  private func parse(_ text: String, _ takesPythonNumbers: Bool) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), takesPythonNumbers: takesPythonNumbers)
  }

  @Test("numbers that JSON does not have are read where they are asked for, and nowhere else")
  func numbers() throws {
    let value = try parse("{\"a\": [Infinity, -Infinity, -1, NaN]}", true)
    guard case .array(let items)? = value["a"] else {
      Issue.record("no list")
      return
    }
    #expect(items.prefix(3) == [.number(.infinity), .number(-.infinity), .integer(-1)])
    #expect(items.last?.double?.isNaN == true)
    for text in ["NaN", "Infinity", "-Infinity"] { #expect(throws: JSONFault.self) { try parse(text, false) } }
    for text in ["nan", "Infinit", "-NaN", "+Infinity", "{'a': 1}", "[1,]", "// a\n1"] {
      #expect(throws: JSONFault.self) { try parse(text, true) }
    }
  }
}
