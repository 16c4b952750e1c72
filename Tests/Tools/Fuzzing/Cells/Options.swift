/// What the program was asked to do.
struct Options {
  enum Mode: String { case run, show, long, seeds }

  var mode = Mode.run
  var seed: UInt64 = 1
  /// How many cells, or the number of the cell to show.
  var cases = 100_000
  var probes = 0
  var sweeps = 0
  /// Which of the workers this is, from 0.
  var worker = 0
  var workers = 1
  var progress: String?
  var folder = "."
  /// Files of Swift whose texts in quotes are cells too.
  var files: [String] = []

  /// Nil for arguments that mean nothing.
  init?(_ arguments: ArraySlice<String>) {
    guard let word = arguments.first, let mode = Mode(rawValue: word) else { return nil }
    self.mode = mode
    var rest = arguments.dropFirst()
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        files.append(word)
        continue
      }
      guard let value = rest.popFirst() else { return nil }
      if word == "--progress" || word == "--folder" {
        if word == "--progress" { progress = value } else { folder = value }
        continue
      }
      guard let number = Int(value), number >= 0 else { return nil }
      switch word {
      case "--seed": seed = UInt64(number)
      case "--cases", "--cell": cases = number
      case "--probes": probes = number
      case "--sweeps": sweeps = number
      case "--worker": worker = number
      case "--workers": workers = max(1, number)
      default: return nil
      }
    }
  }
}
