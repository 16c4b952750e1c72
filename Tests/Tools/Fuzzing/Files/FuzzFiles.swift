import FileFuzzing
import Glibc

/// `fuzz-files [--seed N] [--count N] [--jobs N] [--kind NAME]`: see `Tests/Tools/Fuzzing/run`.
///
/// The cases of the seeds from N on run in child processes, so that one that ends its process is told like the others;
/// `--seed N --count 1` runs it again. With `--read-bag FILE --into FILE` it is the process that reads one HDF5 file.
@main struct FuzzFiles {
  static func main() {
    let words = CommandLine.arguments
    if words.count == 5, words[1] == "--read-bag" { exit(FileKind.readBag(words[2], into: words[4])) }
    guard let options = Options(CommandLine.arguments.dropFirst()) else {
      say("usage: fuzz-files [--seed N] [--count N] [--jobs N] [--kind \(Options.kindNames)]")
      exit(2)
    }
    if options.worker != nil { exit(Worker(options).run() ? 0 : 1) }
    exit(Supervisor(options).run() ? 0 : 1)
  }
}

/// What the program was asked to do.
struct Options {
  static let kindNames = FileKind.allCases.map(\.rawValue).joined(separator: "|")

  var seed: UInt64 = 1
  var count: UInt64 = 100_000
  var jobs = 2
  var kind: FileKind?
  /// The file that a child notes its progress in.
  var worker: String?

  /// Nil for arguments that mean nothing.
  init?(_ arguments: ArraySlice<String>) {
    var rest = arguments
    while let word = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch (word, UInt64(value)) {
      case ("--seed", let number?): seed = number
      case ("--count", let number?): count = number
      case ("--jobs", let number?): jobs = Int(clamping: max(1, min(number, 64)))
      case ("--kind", _):
        guard let named = FileKind(rawValue: value) else { return nil }
        kind = named
      case ("--worker", _): worker = value
      default: return nil
      }
    }
  }
}

/// Prints a line at once, so that it is kept if the program is ended.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
