import Testing

@testable import Slides

@Suite struct BoxReductionTests {
  @Test func `a picture is reduced by boxes only where the filter would shrink it to a quarter or less`() {
    #expect(BoxReduction(fromSide: 604, toSide: 299) == nil)
    #expect(BoxReduction(fromSide: 895, toSide: 224) == nil)
    #expect(BoxReduction(fromSide: 896, toSide: 224)?.factor == 2)
    #expect(BoxReduction(fromSide: 2000, toSide: 224)?.side == 500)
    #expect(BoxReduction(fromSide: 2001, toSide: 224)?.side == 501)
  }

  @Test func `means are rounded down the rows and then along them, also where the result overwrites its source`() throws
  {
    let reduction = try #require(BoxReduction(fromSide: 9, toSide: 2))
    #expect(reduction.side == 5)
    var pixels = (0..<9 * 9 * 3).map { UInt8($0 * 7 % 251) }
    let original = pixels
    func mean(_ row: Int, _ column: Int, _ channel: Int) -> Int {
      let pairs = [column * 2, min(column * 2 + 1, 8)].map { column in
        let pair = [row * 2, min(row * 2 + 1, 8)].map { Int(original[($0 * 9 + column) * 3 + channel]) }
        return (pair[0] + pair[1] + 1) / 2
      }
      return (pairs[0] + pairs[1] + 1) / 2
    }
    pixels.withUnsafeMutableBufferPointer { reduction.apply(UnsafeBufferPointer($0), into: $0) }
    let expected = (0..<5 * 5 * 3).map { UInt8(mean($0 / 15, $0 / 3 % 5, $0 % 3)) }
    #expect(Array(pixels.prefix(expected.count)) == expected)
  }
}
