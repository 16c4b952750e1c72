import CTIFF
import Files
import Slides

/// A TIFF whose pictures are JPEG pieces, written from front to back; it gets its name when it is finished.
struct TIFFFile: ~Copyable {
  /// One picture of the file.
  struct Picture {
    var width: Int
    var height: Int
    /// A multiple of 16; nil for a picture that is a single strip.
    var tileSide: Int?
    /// Becomes the tag ImageDescription.
    var description: String
  }

  private var file: UnfinishedFile
  private var writer: OpaquePointer?
  private var pieceCount: UInt32 = 0

  /// - Throws: `SlidesError.cannotWrite`, as all functions here.
  init(path: String) throws(SlidesError) {
    let file = try SlidesError.writing(path) { () throws(FileFault) in try UnfinishedFile(path: path) }
    guard let writer = tiff_file_create(file.descriptor) else {
      throw .cannotWrite(path: path, reason: "out of memory")
    }
    self.file = file
    self.writer = writer
  }

  deinit { tiff_file_destroy(writer) }

  /// Starts the next picture.
  mutating func begin(_ picture: Picture) throws(SlidesError) {
    pieceCount = 0
    let status = picture.description.withCString { description in
      var fields = tiff_file_picture()
      fields.width = UInt32(picture.width)
      fields.height = UInt32(picture.height)
      fields.tile_side = UInt32(picture.tileSide ?? 0)
      fields.chroma_step = 2
      fields.description = description
      return tiff_file_begin(writer, &fields)
    }
    try check(status)
  }

  /// Appends the picture's next tile, row by row, or its strip: a JPEG in YCbCr 4:2:0.
  mutating func append(_ jpeg: [UInt8]) throws(SlidesError) {
    try check(tiff_file_piece(writer, pieceCount, jpeg, jpeg.count))
    pieceCount += 1
  }

  /// Closes the picture after its last piece.
  mutating func end() throws(SlidesError) { try check(tiff_file_end(writer)) }

  /// Gives the file its name.
  mutating func finish() throws(SlidesError) {
    tiff_file_destroy(writer)
    writer = nil
    do throws(FileFault) { try file.finish() } catch {
      throw SlidesError(writing: file.path, error)
    }
  }

  private func check(_ status: Int32) throws(SlidesError) {
    guard status != TIFF_FILE_WRITTEN else { return }
    throw .cannotWrite(path: file.path, reason: String(cString: tiff_file_message(writer)))
  }
}
