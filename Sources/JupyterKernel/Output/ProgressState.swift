import JupyterWire

/// How far one phase of work is, and how that reads.
public struct ProgressState: Sendable {
  public let phase: String
  public let unit: String
  public var done: Int
  /// 0 if the end is not known.
  public var total: Int
  /// What was done when the phase was first heard of; work taken up again does not count towards the rate.
  private let alreadyDone: Int
  private let start: ContinuousClock.Instant

  public init(phase: String, unit: String, done: Int, total: Int, start: ContinuousClock.Instant) {
    self.phase = phase
    self.unit = unit
    self.done = done
    self.total = total
    alreadyDone = done
    self.start = start
  }

  /// The line as text, and as text beside a bar.
  func bundle(at now: ContinuousClock.Instant) -> MIMEBundle {
    let line = line(at: now)
    let extent = total > 0 ? " value=\"\(min(max(done, 0), total))\" max=\"\(total)\"" : ""
    let bar = "<progress\(extent) style=\"width: 16em; vertical-align: middle\"></progress>"
    return MIMEBundle(plain: line, html: "<div>\(bar) \(Self.escaped(line))</div>")
  }

  /// For example `features: 1,234 of 5,000 tiles, 123 tiles/s, 31 s left`.
  public func line(at now: ContinuousClock.Instant) -> String {
    var parts = [
      total > 0 ? "\(Self.grouped(done)) of \(Self.grouped(total)) \(unit)" : "\(Self.grouped(done)) \(unit)"
    ]
    let seconds = (now - start) / .seconds(1)
    let rate = Double(done - alreadyDone) / seconds
    if rate > 0, rate.isFinite {
      parts.append("\(Self.rate(rate)) \(unit)/s")
      if total > done { parts.append("\(Self.duration(Double(total - done) / rate)) left") }
    }
    return "\(phase): " + parts.joined(separator: ", ")
  }

  private static func rate(_ rate: Double) -> String {
    if rate >= 10 { return grouped(Int(min(rate, 1e15).rounded())) }
    return "\((rate * 10).rounded() / 10)"
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private static func grouped(_ number: Int) -> String {
    var result = ""
    let digits = String(number)
    for (index, digit) in digits.enumerated() {
      let left = digits.count - index
      if index > 0, left % 3 == 0, result != "-" { result.append(",") }
      result.append(digit)
    }
    return result
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }
}
