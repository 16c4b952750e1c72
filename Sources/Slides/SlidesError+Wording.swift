extension SlidesError: CustomStringConvertible {
  /// What is wrong, naming the file and the record.
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .record(let position, let fault):
      "\(position.path), record \(position.record) at byte \(position.byteOffset): \(fault.description)."
    }
  }
}

extension RecordFault: CustomStringConvertible {
  /// A clause without a full stop.
  package var description: String {
    switch self {
    case .truncated(let expected, let available):
      "the file ends inside it, after \(available) of its \(expected) bytes"
    case .lengthChecksum: "the checksum of its length does not match"
    case .payloadChecksum: "the checksum of its content does not match"
    case .example(let fault): fault.description
    case .image(let fault): fault.description
    case .fileChanged: "the file was changed since its records were counted"
    }
  }
}

extension ExampleFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let offset): "its content is not a slideflow tile (byte \(offset))"
    case .wrongType(let feature): "its field \(feature) has the wrong type"
    case .noImage: "it holds no picture"
    }
  }
}

extension ImageFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownFormat: "its picture is neither JPEG nor PNG"
    case .tooLarge(let width, let height): "its picture has an impossible size of \(width) × \(height) pixels"
    case .unsupported(let kind): "its picture is of a kind that is not read: \(kind)"
    case .damaged(let words): "its picture is damaged: \(words)"
    case .wrongSize(let width, let height, let expectedWidth, let expectedHeight):
      "its picture has \(width) × \(height) pixels where \(expectedWidth) × \(expectedHeight) are expected"
    }
  }
}
