import CommandLanguage
import Glibc
import SmallLanguage

/// Times what Tab and Shift-Tab do at every place of a cell.
@main struct TimeHelp {
  /// What counts as at once.
  private static let mostMilliseconds = 5.0

  static func main() {
    let session = LargeProject.session()
    let cell = LargeProject.cell
    let places = Array(0...cell.unicodeScalars.count)
    var candidates = 0
    let completion = places.map { place in
      milliseconds { candidates += session.complete(cell, at: place).candidates.count }
    }
    var pages = 0
    let inspection = places.map { place in milliseconds { pages += session.inspect(cell, at: place) == nil ? 0 : 1 } }
    let checks = (0..<50).map { _ in milliseconds { _ = session.check(cell).isValid } }
    report("completion", completion, "\(candidates) candidates")
    report("inspection", inspection, "\(pages) pages")
    report("check of the whole cell", checks, "\(session.check(cell).diagnostics.count) errors")
    exit(median(completion) < mostMilliseconds && median(inspection) < mostMilliseconds ? 0 : 1)
  }

  private static func milliseconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
  }

  private static func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

  private static func report(_ what: String, _ times: [Double], _ found: String) {
    func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
    let worst = times.indices.max { times[$0] < times[$1] } ?? 0
    print(
      "\(what): median \(rounded(median(times))) ms, worst \(rounded(times[worst])) ms (place \(worst) of \(times.count)), "
        + found)
  }
}
