import CellFuzzing
import Glibc

#if COVERAGE
  /// The entry of LLVM's fuzzer.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  /// Under the name that the fuzzer's own start looks for, whichever of the two is linked.
  @_cdecl("LLVMFuzzerTestOneInput")
  func lookAtInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    CoverageFuzzing.look(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    return 0
  }

  /// Lets LLVM's fuzzer look for cells that reach new code (its options are the program's arguments).
  enum CoverageFuzzing {
    private static let properties = CellProperties()

    static func run() -> CInt {
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      return runDriver(&count, &arguments, lookAtInput)
    }

    /// Ends the program if something does not hold, which saves the cell.
    static func look(_ cell: String) {
      let start = CellRun.processorSeconds()
      var faults = properties.faults(of: cell, isValid: false, isThorough: true)
      let length = cell.unicodeScalars.count
      // The place depends on the cell alone, so that a cell that was saved shows the same fault again.
      faults += properties.faults(of: cell, at: cell.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % (length + 1))
      // Instrumented code is several times as slow.
      if CellRun.processorSeconds() - start > 0.4 { faults.append("It took too long.") }
      guard let fault = faults.first else { return }
      print("\(fault)\n\(cell.debugDescription)")
      fflush(nil)
      abort()
    }
  }
#endif

/// What coverage-guided runs begin with.
enum CoverageSeeds {
  /// A file a cell, and the tokens as a dictionary.
  static func write(to folder: String, corpus: [String]) -> Bool {
    let generator = CellGenerator(seed: 1)
    let cells = corpus + (0..<2_000).map { generator.makeCase($0) }.filter(\.isValid).map(\.cell)
    let isWritten = cells.enumerated().allSatisfy { TextFile.write($1, to: "\(folder)/\($0)") }
    let entries = Set(CellCorpus.tokens + CellProperties.words).sorted().map { token in
      "\"" + token.utf8.map { "\\x" + hex($0) }.joined() + "\""
    }
    return isWritten && TextFile.write(entries.joined(separator: "\n") + "\n", to: folder + ".dictionary")
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count < 2 ? "0" + digits : digits
  }
}
