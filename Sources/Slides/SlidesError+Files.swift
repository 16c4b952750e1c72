package import Files

extension SlidesError {
  /// Names the file that could not be written.
  package init(writing path: String, _ fault: FileFault) {
    self = .cannotWrite(path: path, reason: fault.description)
  }

  /// Names the file that could not be opened or read.
  static func reading<Result: ~Copyable>(
    _ path: String, _ body: () throws(FileFault) -> Result
  ) throws(SlidesError) -> Result {
    do throws(FileFault) { return try body() } catch { throw .cannotOpen(path: path, reason: error.description) }
  }

  /// Names the file that could not be written.
  package static func writing<Result: ~Copyable>(
    _ path: String, _ body: () throws(FileFault) -> Result
  ) throws(SlidesError) -> Result {
    do throws(FileFault) { return try body() } catch { throw SlidesError(writing: path, error) }
  }

  /// Writes a file whole.
  package static func write(_ text: String, to path: String) throws(SlidesError) {
    try write(Array(text.utf8), to: path)
  }

  package static func write(_ bytes: [UInt8], to path: String) throws(SlidesError) {
    try writing(path) { () throws(FileFault) in try WholeFile.write(bytes, to: path) }
  }
}
