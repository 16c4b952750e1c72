/// What goes wrong with slides, tile records and tile pictures.
package enum SlidesError: Error, Sendable, Equatable {
  /// The file is absent, unreadable or not a regular file; `reason` is the system's.
  case cannotOpen(path: String, reason: String)
  /// The file could not be written whole; nothing of it is left under its final name.
  case cannotWrite(path: String, reason: String)
  /// One record cannot be used; the others of its file can.
  case record(RecordPosition, RecordFault)
}

/// Which record of which file, for messages.
package struct RecordPosition: Sendable, Hashable {
  package let path: String
  /// From 0, in file order.
  package let record: Int
  /// Where the record's frame starts in the file.
  package let byteOffset: Int

  package init(path: String, record: Int, byteOffset: Int) {
    self.path = path
    self.record = record
    self.byteOffset = byteOffset
  }
}

/// Why one record cannot be used.
package enum RecordFault: Error, Sendable, Equatable {
  /// The file ends before the record does.
  case truncated(expectedByteCount: Int, availableByteCount: Int)
  /// The checksum of the record's length is wrong, so where the record ends is not known.
  case lengthChecksum
  /// The checksum of the record's content is wrong.
  case payloadChecksum
  case example(ExampleFault)
  case image(ImageFault)
  /// The file became shorter after it was opened.
  case fileChanged
}

/// Why the bytes of a record are not a tile's `tf.train.Example`.
package enum ExampleFault: Error, Sendable, Equatable {
  /// Not a protocol buffer: a length, a number or a wire type is impossible at this byte of the record.
  case malformed(byteOffset: Int)
  /// A feature holds another type than it should, such as numbers for the picture.
  case wrongType(feature: String)
  case noImage
}

/// Why a tile's picture cannot be decoded or encoded.
package enum ImageFault: Error, Sendable, Equatable {
  /// Neither JPEG nor PNG.
  case unknownFormat
  /// A side is above `TileDecoder.maximumSide` (or zero); nothing was allocated for it.
  case tooLarge(width: Int, height: Int)
  /// A kind of picture that is not a tile, such as a JPEG of 12 bits.
  case unsupported(String)
  /// The decoder's own words.
  case damaged(String)
  case wrongSize(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)
}
