import Files
import Glibc
import JupyterWire

/// The cells of all sessions in a file, which several kernels may use at once.
///
/// The file starts with 32 bytes of JSON that count the sessions; each cell follows as a new line and a JSON array of
/// session, line, input and output. A line that a crash cut short is passed over.
struct HistoryFile: Sendable {
  let path: String
  /// Above this a new session gives up the oldest half of the file; above twice as much any session does.
  var limit = 8 << 20

  private static let headerSize = 32
  /// A text longer than this is not worth reading again.
  static let textLimit = 1 << 18

  /// Counts a new session.
  ///
  /// - Returns: its number, from 1.
  func openSession() throws(FileFault) -> Int {
    if let slash = path.lastIndex(of: "/") { try StandardPaths.makeFolder(String(path[..<slash])) }
    return try withFile(O_RDWR | O_CREAT) { file throws(FileFault) in
      let size = Int(lseek(file, 0, SEEK_END))
      var sessions = 0
      if size > 0 {
        guard let count = Self.sessions(in: try Self.contents(of: file, limit: Self.headerSize)) else {
          throw FileFault.damaged(what: "not a file of cells")
        }
        sessions = count
      }
      if size > limit { try shorten(file, size: size) }
      try Self.write(Self.header(sessions: sessions + 1), to: file, at: 0)
      return sessions + 1
    }
  }

  func append(_ entry: HistoryEntry) throws(FileFault) {
    let line = JSONFragment.array([
      .integer(entry.session), .integer(entry.line), .string(entry.input),
      entry.output.map(JSONFragment.string) ?? .null,
    ])
    try withFile(O_RDWR | O_APPEND) { file throws(FileFault) in
      let size = Int(lseek(file, 0, SEEK_END))
      if size > limit * 2 { try shorten(file, size: size) }
      let bytes = [UInt8(ascii: "\n")] + line.bytes
      guard Glibc.write(file, bytes, bytes.count) == bytes.count else { throw FileFault.last }
    }
  }

  /// Keeps the newest cells, half as much as the limit.
  private func shorten(_ file: Int32, size: Int) throws(FileFault) {
    let bytes = try Self.contents(of: file, from: max(Self.headerSize, size - limit / 2), limit: limit / 2)
    let kept = Array(bytes.drop { $0 != UInt8(ascii: "\n") })
    // What is appended goes to the end, wherever one says, until the file is shorter.
    if ftruncate(file, off_t(Self.headerSize)) != 0 { throw FileFault.last }
    try Self.write(kept, to: file, at: Self.headerSize)
  }

  /// What was read of the file, so that next time only what has come since must be.
  struct Reading: Sendable {
    /// Sessions in order, and in each the cells in the order in which they ended.
    fileprivate(set) var entries: [HistoryEntry] = []
    fileprivate var end = HistoryFile.headerSize
    /// The last bytes before `end`; others are there if somebody has shortened the file meanwhile.
    fileprivate var last: [UInt8] = []
  }

  /// Every cell of other sessions than `session` that can be read; none if there is no file.
  func update(_ reading: Reading, without session: Int) -> Reading {
    let result = try? withFile(O_RDONLY) { file throws(FileFault) in
      var reading = reading
      if try Self.contents(of: file, from: reading.end - reading.last.count, limit: reading.last.count) != reading.last
      {
        reading = Reading()
      }
      let bytes = try Self.contents(of: file, from: reading.end, limit: limit * 4)
      if bytes.isEmpty { return reading }
      reading.end += bytes.count
      reading.last = Array(bytes.suffix(64))
      let new = Self.entries(in: bytes).filter { $0.session != session }
      if new.isEmpty { return reading }
      reading.entries = (reading.entries + new).enumerated()
        .sorted { ($0.element.session, $0.offset) < ($1.element.session, $1.offset) }.map(\.element)
      return reading
    }
    return result ?? reading
  }

  private static func entries(in bytes: [UInt8]) -> [HistoryEntry] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard case .array(let parts)? = try? JSONValue(parsing: Array(line)), parts.count == 4,
        case .integer(let session) = parts[0], case .integer(let number) = parts[1], let input = parts[2].text
      else { return nil }
      return HistoryEntry(session: session, line: number, input: input, output: parts[3].text)
    }
  }

  private static func header(sessions: Int) -> [UInt8] {
    let number = String(sessions)
    let text = "{\"sessions\":" + String(repeating: " ", count: max(0, 19 - number.count)) + number + "}"
    return Array(text.utf8.prefix(headerSize))
  }

  private static func sessions(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= headerSize, let header = try? JSONValue(parsing: Array(bytes[..<headerSize])),
      case .integer(let count)? = header["sessions"], count >= 0, count < 1 << 53
    else { return nil }
    return count
  }

  /// Runs `body` with the file open and locked against other kernels.
  private func withFile<Result>(
    _ flags: Int32, _ body: (Int32) throws(FileFault) -> Result
  ) throws(FileFault) -> Result {
    let file = open(path, flags | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileFault.last }
    // Closing unlocks.
    defer { close(file) }
    var attempts = 0
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      attempts += 1
      // A cell must not wait for a file that somebody else keeps locked.
      if attempts > 50 { throw FileFault.last }
      usleep(2000)
    }
    return try body(file)
  }

  private static func contents(of file: Int32, from start: Int = 0, limit: Int) throws(FileFault) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit, 65_536))
    while bytes.count < limit,
      case let count = pread(file, &chunk, min(chunk.count, limit - bytes.count), off_t(start + bytes.count)),
      count != 0
    {
      if count < 0 { throw FileFault.last }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8], to file: Int32, at offset: Int) throws(FileFault) {
    guard pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count else { throw FileFault.last }
  }
}
