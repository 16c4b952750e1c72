import FileFuzzing
import Foundation
import Testing

/// A small part of what `Tests/Tools/Fuzzing/run` does by the million.
@Suite struct FileFuzzingTests {
  private static let counts: [FileKind: UInt64] = [
    .records: 700, .pictures: 700, .examples: 1_000, .tables: 700, .projects: 100, .regions: 40, .imports: 200,
    .bags: 1_000,
  ]

  private func fuzzer(_ kind: FileKind? = nil) throws -> FileFuzzer {
    let folder = NSTemporaryDirectory() + "tessera-fuzz-" + UUID().uuidString
    // Other tests share the process, and its memory with it.
    return FileFuzzer(
      material: try FileMaterial(), scratch: try ScratchFiles(folder: folder), kind: kind, mostSeconds: 30,
      mostMegabytes: .max)
  }

  @Test(arguments: FileKind.allCases) func `whatever is in a file, it is read or refused with its reason`(
    _ kind: FileKind
  ) throws {
    let fuzzer = try fuzzer(kind)
    for seed in 0..<(Self.counts[kind] ?? 0) {
      if let finding = fuzzer.run(seed: seed).finding { Issue.record("seed \(seed): \(finding.faults)") }
    }
  }

  @Test func `the same seed gives the same case`() throws {
    let one = try fuzzer()
    let other = try fuzzer()
    let kinds = (0..<40 as Range<UInt64>).map { one.run(seed: $0).kind }
    #expect(kinds == (0..<40 as Range<UInt64>).map { other.run(seed: $0).kind })
    #expect(Set(kinds).count > 4)
  }
}
