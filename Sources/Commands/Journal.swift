import CommandLanguage
import FeatureStore
import Files
import Foundation
import Glibc
import Workflows

/// The statements that made the named values of all sessions on a project, in a file of its store.
///
/// A line of JSON when a statement begins and one when it ends: the name, the statement, how it ended, whether its result
/// is kept, and the statements that made what it was made from. Several kernels may append at once. A line that a crash
/// cut short, or that is damaged, is passed over. Of a name the last statement counts that succeeded, was interrupted,
/// or was begun and did not end; one that failed leaves what was there before.
struct Journal {
  let path: String
  /// Above this the file is written anew with the last statement of each name, at most half as much.
  var limit = 1 << 20

  init(store folder: String) { path = folder + "/journal.jsonl" }

  private struct Line: Codable {
    /// Lines of version 1 were written only for statements that succeeded.
    static let newest = 2

    let version: Int
    let name: String
    let statement: String
    let isStored: Bool
    let sources: [PastStatement.Source]
    let ending: PastStatement.Ending?

    init(_ past: PastStatement) {
      version = past.ending == .completed ? 1 : Self.newest
      name = past.name
      statement = past.statement
      isStored = past.isStored
      sources = past.sources
      ending = past.ending == .completed ? nil : past.ending
    }

    var past: PastStatement {
      PastStatement(
        name: name, statement: statement, isStored: isStored, sources: sources, ending: ending ?? .completed)
    }
  }

  /// What is known of one name: its recipe, and the one before while the last statement has not ended.
  private struct Recipe {
    private(set) var last: PastStatement?
    private var before: PastStatement?

    mutating func add(_ past: PastStatement) {
      switch past.ending {
      case .completed, .interrupted: (last, before) = (past, nil)
      case .unfinished: (last, before) = (past, last)
      case .failed where last?.ending == .unfinished && last?.statement == past.statement:
        (last, before) = (before, nil)
      case .failed: break
      }
    }

    /// In the order in which they are to be read again.
    var lines: [PastStatement] { [before, last].compactMap(\.self) }
  }

  /// A statement longer than this was not typed by hand, and nobody wants to see it again.
  private static let longestLine = 1 << 16
  private static let newline = UInt8(ascii: "\n")

  // MARK: Reading

  /// By name, the last statement of each; none where there is no journal that can be read.
  func statements() -> [String: PastStatement] {
    Self.recipes(Self.statements(in: contents())).compactMapValues(\.last)
  }

  private static func recipes(_ statements: [PastStatement]) -> [String: Recipe] {
    statements.reduce(into: [:]) { $0[$1.name, default: Recipe()].add($1) }
  }

  /// The end of the file, of which no more than twice the limit is looked at.
  private func contents() -> Data {
    guard let file = FileHandle(forReadingAtPath: path) else { return Data() }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size - min(size, UInt64(limit) * 2))
    return (try? file.read(upToCount: limit * 2)) ?? Data()
  }

  private static func statements(in data: Data) -> [PastStatement] {
    let decoder = JSONDecoder()
    return data.split(separator: newline).compactMap { line in
      guard line.count <= longestLine, let read = try? decoder.decode(Line.self, from: Data(line)),
        (1...Line.newest).contains(read.version)
      else { return nil }
      return read.past
    }
  }

  // MARK: Writing

  /// Appends a statement; when this returns it is on the disk.
  func append(_ past: PastStatement) throws(FeatureStoreError) {
    guard let line = Self.line(of: past), line.count <= Self.longestLine else { return }
    let file = try open()
    // Closing unlocks.
    defer { close(file) }
    let size = Int(lseek(file, 0, SEEK_END))
    if size > limit, try shorten(adding: line) { return }
    var last: UInt8 = Self.newline
    _ = size > 0 ? pread(file, &last, 1, off_t(size - 1)) : 0
    // What a crash cut short becomes a line of its own.
    let bytes = (last == Self.newline ? [] : [Self.newline]) + line
    guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else { throw fault }
  }

  private static func line(of past: PastStatement) -> [UInt8]? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(Line(past))).map { Array($0) + [newline] }
  }

  private var fault: FeatureStoreError { .cannotWrite(path: path, reason: String(cString: strerror(errno))) }

  /// The file, locked against other kernels; none of them may have put another in its place meanwhile.
  private func open() throws(FeatureStoreError) -> Int32 {
    for _ in 0..<50 {
      let file = Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
      guard file >= 0 else { throw fault }
      var opened = stat()
      var there = stat()
      if flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &opened) == 0, stat(path, &there) == 0,
        opened.st_ino == there.st_ino, opened.st_dev == there.st_dev
      {
        return file
      }
      close(file)
      // A cell must not wait for a file that somebody else keeps locked.
      usleep(2000)
    }
    throw .cannotWrite(path: path, reason: "another program keeps it locked")
  }

  /// Writes the file anew with the newest statements, and the one given.
  private func shorten(adding line: [UInt8]) throws(FeatureStoreError) -> Bool {
    let statements = Self.statements(in: contents())
    let recipes = Self.recipes(statements)
    var names: Set<String> = []
    var kept: [[UInt8]] = []
    var room = limit / 2 - line.count
    for past in statements.reversed() where names.insert(past.name).inserted {
      let bytes = (recipes[past.name]?.lines ?? []).compactMap(Self.line).flatMap(\.self)
      guard bytes.count <= room else { break }
      room -= bytes.count
      kept.append(bytes)
    }
    do throws(FileFault) { try WholeFile.write(kept.reversed().flatMap { $0 } + line, to: path) } catch {
      throw .cannotWrite(path: path, reason: error.description)
    }
    return true
  }

  // MARK: The session's part

  /// Notes what makes or made a named value, in the store of the project that it belongs to; gives a warning where it
  /// cannot.
  @Sendable static func record(_ past: PastStatement, store folder: String) -> String? {
    do throws(FeatureStoreError) {
      try Journal(store: folder).append(past)
      return nil
    } catch {
      return "After a restart nothing will tell how \(past.name) was made: \(error.description.withShortPaths)"
    }
  }
}

extension KnownNames {
  /// These, with the store that results go to and the statements that its journal holds.
  func withJournal(ofStore folder: String) -> KnownNames {
    var known = self
    known.names[NameKind.store.key] = [folder]
    let journal = Journal(store: folder)
    known.past = Self.journals.value(for: journal.path) { (journal.statements(), [journal.path]) } ?? [:]
    return known
  }

  private static let journals = FileCache<[String: PastStatement]>()
}
