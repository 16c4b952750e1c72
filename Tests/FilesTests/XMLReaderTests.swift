import Testing

@testable import Files

@Suite struct XMLReaderTests {
  private func events(_ text: String) throws(XMLFault) -> [XMLReader.Event] { try events(Array(text.utf8)) }

  private func events(_ bytes: [UInt8]) throws(XMLFault) -> [XMLReader.Event] {
    var reader = try XMLReader(bytes)
    var events: [XMLReader.Event] = []
    while let event = try reader.next() { events.append(event) }
    return events
  }

  private func start(_ name: String, _ attributes: [String: String] = [:], line: Int = 1) -> XMLReader.Event {
    .start(XMLReader.Element(name: name, attributes: attributes, line: line))
  }

  @Test func `tags come in order, with attributes, references and lines`() throws {
    let document = """
      <?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>
      <ns:A B = '1' c="a&lt;b&#65;&#x42;&x;&amp;"><!-- <b> --><b/>text<![CDATA[<c>]]>
      <d
       e="2"></d></ns:A>

      """
    #expect(
      try events(document) == [
        start("a", ["b": "1", "c": "a<bAB&x;&"], line: 2), start("b", line: 2), .end(name: "b"),
        start("d", ["e": "2"], line: 3), .end(name: "d"), .end(name: "a"),
      ])
  }

  @Test func `texts in UTF-16 and in the encodings of 8 bits that a document names are read`() throws {
    let text = "<a b=\"Gefäß\"/>"
    let wide: [UInt8] =
      [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(try events(wide).first == start("a", ["b": "Gefäß"]))
    let latin =
      Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8) + text.unicodeScalars.map { UInt8($0.value) }
    #expect(try events(latin).first == start("a", ["b": "Gefäß"]))
    #expect(throws: XMLFault.self) { try events(text.unicodeScalars.map { UInt8($0.value) }) }
  }

  @Test(arguments: [
    ("", 1, XMLFault.Reason.endsTooSoon), ("<a>\n<b>", 2, .endsTooSoon), ("<a></b>", 1, .wrongEnd("b")),
    ("<a b></a>", 1, .tag), ("<a b=1/>", 1, .tag), ("x<a/>", 1, .text), ("<a/>\n<b/>", 2, .text),
    ("<a b=\"", 1, .endsTooSoon),
    ("<!-- ", 1, .endsTooSoon), ("< a/>", 1, .tag),
  ])
  func `what is not well-formed is told with its line`(text: String, line: Int, reason: XMLFault.Reason) {
    #expect(throws: XMLFault(line: line, reason: reason)) { try events(text) }
  }

  @Test func `elements that nest without end are refused`() {
    #expect(throws: XMLFault(line: 1, reason: .tooDeep)) { try events(String(repeating: "<a>", count: 10_000)) }
  }
}
