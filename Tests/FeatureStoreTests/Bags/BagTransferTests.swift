import FeatureData
import FeatureStore
import Foundation
import Testing

@Suite("Bags between processes") struct BagTransferTests {
  private let scratch: ScratchFolder
  private var path: String { scratch.path + "/bags" }

  init() throws { scratch = try ScratchFolder() }

  private func read() throws -> [ForeignBag] {
    let file = try #require(FileHandle(forReadingAtPath: path))
    return try BagTransfer.read(file.fileDescriptor, of: "S.h5")
  }

  @Test func `bags come back as they were sent`() throws {
    let table = scratch.path + "/t.csv"
    try Data("slide,Location_x,Location_y,Logit_0,Feature_0\nA,1,-2,3,4\nB,5,6,7,8\n".utf8)
      .write(to: URL(filePath: table))
    var bags = try ForeignBag.read(path: table)
    for name in ["trident.h5", "trident_slide.h5", "trident_empty.h5", "stamp.h5", "slideflow.pt", "numbers.h5"] {
      bags.append(try BagFixtures.read(name, 0.5))
    }
    try BagTransfer.write(bags, to: path)
    #expect(try read() == bags)
    try BagTransfer.write([], to: path)
    #expect(try read() == [])
  }

  @Test func `an answer that is cut off, too long or changed is none`() throws {
    try BagTransfer.write([try BagFixtures.read("trident.h5")], to: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(filePath: path))
      #expect(throws: BagError.self) { try read() }
    }
    try (whole + [0]).write(to: URL(filePath: path))
    #expect(throws: BagError.self) { try read() }
    for index in 0..<whole.count - 240 {
      var bytes = whole
      bytes[index] ^= 0x11
      try bytes.write(to: URL(filePath: path))
      _ = try? read()
    }
  }
}
