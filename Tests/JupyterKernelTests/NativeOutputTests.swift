import Testing

@testable import JupyterKernel

@Suite struct NativeOutputTests {
  @Test func aCharacterIsNotCutInTwo() {
    #expect(NativeOutput.wholeCharacters([]) == 0)
    #expect(NativeOutput.wholeCharacters(Array("abc".utf8)) == 3)
    let text = Array("a😀".utf8)
    #expect((1...5).map { NativeOutput.wholeCharacters(Array(text[..<$0])) } == [1, 1, 1, 1, 5])
    #expect(NativeOutput.wholeCharacters([0x80, 0x80, 0x80, 0x80]) == 4)
  }
}
