import CZeroMQ
import Glibc
import JupyterWire
import Synchronization

/// Catches what C libraries print to the process's own stdout and stderr, and gives it to the running cell.
final class NativeOutput: Sendable {
  private struct Capture {
    let name: StreamName
    let target: Int32
    let original: Int32
    let reader: Int32
    /// The beginning of a character whose rest has not been read yet.
    var incomplete: [UInt8] = []
  }

  private static let chunk = 65_536
  /// More than a pipe holds, and an end for a thread that prints faster than can be read.
  private static let limit = 1 << 20

  private let captures: Locked<[Capture]>
  private let descriptors: [Int32]
  private let stopSignal = WakeSignal()
  private let isStopped = Atomic<Bool>(false)
  private let deliver: @Sendable (StreamName, String) -> Void

  /// Redirects both descriptors until `restore`.
  init(deliver: @escaping @Sendable (StreamName, String) -> Void) {
    self.deliver = deliver
    var captures: [Capture] = []
    for (name, target) in [(StreamName.stdout, STDOUT_FILENO), (.stderr, STDERR_FILENO)] {
      var ends: [Int32] = [-1, -1]
      let original = fcntl(target, F_DUPFD_CLOEXEC, 3)
      guard original >= 0, pipe(&ends) == 0 else { continue }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
      dup2(ends[1], target)
      close(ends[1])
      captures.append(Capture(name: name, target: target, original: original, reader: ends[0]))
    }
    // As in a terminal: else a library's lines would wait in the C library's buffer for the end of the cell.
    tessera_buffer_lines()
    descriptors = captures.map(\.reader)
    self.captures = Locked(captures)
  }

  /// Reads until `restore`, so that a library that prints much never waits for long.
  func run() {
    while !isStopped.load(ordering: .acquiring) {
      var items = (descriptors + [stopSignal.descriptor]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = poll(&items, nfds_t(items.count), -1)
      read()
    }
  }

  /// Delivers what has been printed so far, also what the C library still holds back.
  func drain() {
    fflush(nil)
    read()
  }

  /// Never flushes: a thread that prints into a full pipe holds the lock that a flush would wait for.
  private func read() {
    captures.withLock { captures in
      for index in captures.indices {
        var bytes = captures[index].incomplete
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.chunk) { chunk in
          while bytes.count < Self.limit,
            case let count = Glibc.read(captures[index].reader, chunk.baseAddress, chunk.count), count > 0
          {
            bytes.append(contentsOf: chunk[..<count])
          }
        }
        let whole = Self.wholeCharacters(bytes)
        captures[index].incomplete = Array(bytes[whole...])
        if whole > 0 { deliver(captures[index].name, String(decoding: bytes[..<whole], as: UTF8.self)) }
      }
    }
  }

  /// Puts the descriptors back and ends `run`.
  func restore() {
    drain()
    captures.withLock { captures in
      for capture in captures {
        dup2(capture.original, capture.target)
        close(capture.original)
      }
    }
    isStopped.store(true, ordering: .releasing)
    stopSignal.raise()
  }

  /// Must follow the end of `run`.
  func closeReaders() {
    captures.withLock { captures in
      for capture in captures { close(capture.reader) }
      captures = []
    }
  }

  /// How many of `bytes` come before an unfinished UTF-8 sequence at their end.
  static func wholeCharacters(_ bytes: [UInt8]) -> Int {
    for back in 1...3 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? bytes.count - back : bytes.count
    }
    return bytes.count
  }
}
