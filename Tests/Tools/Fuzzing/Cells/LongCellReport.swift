import CellFuzzing
import CommandLanguage

/// Times the cells of a million scalars.
enum LongCellReport {
  /// Longer than this for a megabyte is too long.
  private static let mostSeconds = 5.0

  /// True if none takes too long; without names, of all kinds.
  static func run(names: [String]) -> Bool {
    let session = CellProperties.richSession()
    var slow = 0
    let kinds = LongCells.kinds.filter { names.isEmpty || names.contains($0.name) }
    for kind in kinds {
      // What is quadratic shows at a smaller size already, and does not hold up the others.
      var length = 10_000
      var taken = seconds(session, kind.cell(length))
      while length < 1_000_000, taken < 0.5 {
        length *= 10
        taken = seconds(session, kind.cell(length))
      }
      let isSlow = taken > mostSeconds || length < 1_000_000
      slow += isSlow ? 1 : 0
      say("\(isSlow ? "SLOW " : "     ")\(kind.name): \(length) scalars in \(Int(taken * 1000)) ms")
    }
    say("\(kinds.count) kinds of long cells, \(slow) of them too slow")
    return slow == 0
  }

  /// The time for a check, its first errors as text, and help at the end.
  private static func seconds(_ session: CommandInterpreter, _ cell: String) -> Double {
    let start = CellRun.processorSeconds()
    let checked = session.check(cell)
    for diagnostic in checked.diagnostics.prefix(20) { _ = diagnostic.rendered(in: checked.source, .plain) }
    _ = session.isComplete(cell)
    _ = session.complete(cell, at: checked.source.scalars.count)
    _ = session.inspect(cell, at: checked.source.scalars.count)
    return CellRun.processorSeconds() - start
  }
}
