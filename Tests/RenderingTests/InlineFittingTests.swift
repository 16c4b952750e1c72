import Testing

@testable import Rendering

@Suite struct InlineFittingTests {
  /// Tries a photograph of so many bytes at scale 1, which grow with its area, and says what was tried.
  private func tried(bytesAtOne: Int, limit: Int, foresees: Bool) throws -> (scales: [Double], bytes: Int) {
    var scales: [Double] = []
    let picture = InlineFitting(byteLimit: limit, scales: [2, 1.5, 1.25, 1]).picture { number, scale, byteLimit in
      scales.append(scale)
      #expect([2, 1.5, 1.25, 1][number] == scale && byteLimit == (scale == 1 ? nil : limit))
      let count = Int(Double(bytesAtOne) * scale * scale)
      if foresees, let byteLimit, count > byteLimit { return .tooLarge(byteCount: count) }
      return .made(
        EncodedPicture(
          bytes: [UInt8](repeating: 0, count: count), format: .png, widthPixels: 1, heightPixels: 1, cssWidth: 1,
          cssHeight: 1, undrawn: UndrawnLetters()))
    }
    return (scales, picture.bytes.count)
  }

  @Test(arguments: [false, true]) func `the largest picture that fits is made`(foresees: Bool) throws {
    #expect(try tried(bytesAtOne: 100, limit: 400, foresees: foresees) == ([2], 400))
    #expect(try tried(bytesAtOne: 100, limit: 230, foresees: foresees) == ([2, 1.5], 225))
    // One and a half cannot fit, and so is not tried.
    #expect(try tried(bytesAtOne: 100, limit: 160, foresees: foresees) == ([2, 1.25], 156))
    #expect(try tried(bytesAtOne: 100, limit: 100, foresees: foresees) == ([2, 1], 100))
    #expect(try tried(bytesAtOne: 100, limit: 1, foresees: foresees) == ([2, 1], 100))
  }
}
