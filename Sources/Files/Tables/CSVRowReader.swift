/// Reads a CSV file of any size row by row: fields between commas, semicolons or tabs, quoted or not, in UTF-8.
///
/// It holds one row at a time, so that a table of numbers takes no more memory than the numbers.
package struct CSVRowReader: ~Copyable {
  /// Why no further row can be read.
  package enum Fault: Error, Sendable, Equatable {
    case file(FileFault)
    case rowTooLong(line: Int)
    case tooManyColumns(line: Int, limit: Int)
  }

  private let file: ReadableFile
  private var scanner: CSVScanner
  private var chunk: [UInt8]
  /// Where the next byte lies in the chunk, and where the next chunk lies in the file.
  private var position: Int
  private var offset: Int
  private var isAtEnd = false

  /// The line that the last row began on, from 1.
  package var line: Int { scanner.rowLine }
  /// The bytes of the last row's fields, quotes taken off, one after the other; what lies behind the last is no part.
  private var row: [UInt8] = []
  private var written = 0
  /// Where each field of the last row ends.
  private var ends: [Int] = []

  private let maximumRowByteCount: Int

  private static let maximumFieldCount = 1 << 20
  private static let chunkByteCount = 1 << 18

  package init(path: String, maximumRowByteCount: Int = 1 << 26) throws(Fault) {
    let file = try Self.opened(path)
    let chunk = try Self.bytes(file, at: 0)
    if chunk.starts(with: [0xFF, 0xFE]) || chunk.starts(with: [0xFE, 0xFF]) || chunk.prefix(1000).contains(0) {
      throw .file(.unsupported(what: "it is not text in UTF-8; save it as CSV UTF-8"))
    }
    self.maximumRowByteCount = maximumRowByteCount
    self.file = file
    self.chunk = chunk
    offset = chunk.count
    position = chunk.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    scanner = CSVScanner(separator: CSVScanner.separator(of: chunk[position...]), fieldLimit: .max)
  }

  private static func opened(_ path: String) throws(Fault) -> ReadableFile {
    do throws(FileFault) { return try ReadableFile(path: path) } catch { throw .file(error) }
  }

  private static func bytes(_ file: borrowing ReadableFile, at offset: Int) throws(Fault) -> [UInt8] {
    do throws(FileFault) { return try file.bytes(at: offset, count: chunkByteCount) } catch { throw .file(error) }
  }

  package var fieldCount: Int { ends.count }

  /// A field of the last row.
  package func field(_ index: Int) -> ArraySlice<UInt8> { row[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

  /// Nil for a text of another encoding: as it stands it would be another name.
  package func string(_ index: Int) -> String? { String(validating: field(index), as: UTF8.self) }

  /// True if the last row has so many fields, separators at its end apart that nothing follows.
  package func hasFields(_ count: Int) -> Bool {
    ends.count == count || (ends.count > count && count > 0 && ends[count - 1] == ends.last)
  }

  /// True where numbers have a decimal comma, as programs write them that put semicolons between fields.
  package var mayHaveDecimalCommas: Bool { scanner.separator != 0x2C }

  /// Reads the next row that is not empty; false at the end.
  package mutating func next() throws(Fault) -> Bool {
    repeat {
      written = 0
      ends.removeAll(keepingCapacity: true)
      guard try readRow() else { return false }
    } while ends.count == 1 && written == 0
    return true
  }

  private mutating func readRow() throws(Fault) -> Bool {
    var wasRead = false
    while true {
      if position >= chunk.count, try !fill() {
        if wasRead { ends.append(written) }
        return wasRead
      }
      // Room for all of the chunk, so that the scanner never has to ask for it.
      let room = written + chunk.count - position
      if row.count < room { row.append(contentsOf: repeatElement(0, count: max(room, 2 * row.count) - row.count)) }
      while true {
        let before = position
        let event = Self.scan(chunk, &position, into: &row, &written, &scanner)
        wasRead = wasRead || position > before
        guard written <= maximumRowByteCount else { throw .rowTooLong(line: line) }
        if event == .input { break }
        ends.append(written)
        if event == .row { return true }
        guard ends.count < Self.maximumFieldCount else {
          throw .tooManyColumns(line: line, limit: Self.maximumFieldCount)
        }
      }
    }
  }

  private static func scan(
    _ chunk: [UInt8], _ position: inout Int, into row: inout [UInt8], _ written: inout Int,
    _ scanner: inout CSVScanner
  ) -> CSVScanner.Event {
    chunk.withUnsafeBufferPointer { input in
      row.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return .input }
        return scanner.next(input, position: &position, end: chunk.count, output: output, written: &written)
      }
    }
  }

  /// False at the end of the file.
  private mutating func fill() throws(Fault) -> Bool {
    guard !isAtEnd else { return false }
    chunk = try Self.bytes(file, at: offset)
    offset += chunk.count
    position = 0
    isAtEnd = chunk.isEmpty
    return !isAtEnd
  }
}
