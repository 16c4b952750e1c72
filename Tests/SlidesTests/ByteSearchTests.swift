import FeatureData
import Foundation
import Testing

@Suite struct ByteSearchTests {
  @Test func `bytes are found where they stand first, in a part of other data too`() {
    let data = Data("an anchor and another anchor".utf8)
    #expect(data.firstRange(ofBytes: Data("anchor".utf8)) == 3..<9)
    #expect(data.firstRange(ofBytes: Data("anchor".utf8), from: 4) == 22..<28)
    #expect(data.firstRange(ofBytes: Data("anchor".utf8), from: 23) == nil)
    #expect(data[10..<21].firstRange(ofBytes: Data("and".utf8)) == 10..<13)
    #expect(data[10..<12].firstRange(ofBytes: Data("and".utf8)) == nil)
    #expect(data.firstRange(ofBytes: Data(), from: 0) == nil)
    #expect(Data().firstRange(ofBytes: Data("a".utf8)) == nil)
  }
}
