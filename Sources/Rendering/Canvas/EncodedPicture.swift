/// The file formats of pictures.
package enum PictureFormat: String, Sendable, CaseIterable {
  case png
  case svg
  case pdf

  /// The format that a file's extension stands for (any case, no dot); nil for another one.
  package init?(fileExtension: String) { self.init(rawValue: fileExtension.lowercased()) }

  /// The key in a Jupyter MIME bundle.
  package var mediaType: String {
    switch self {
    case .png: "image/png"
    case .svg: "image/svg+xml"
    case .pdf: "application/pdf"
    }
  }
}

/// A picture as the bytes of a file, with its size.
package struct EncodedPicture: Sendable, Equatable {
  package let bytes: [UInt8]
  package let format: PictureFormat
  /// Device pixels of a PNG; CSS pixels of the others.
  package let widthPixels: Int
  package let heightPixels: Int
  /// The size to show it at, in CSS pixels (the metadata of a Jupyter display).
  package let cssWidth: Int
  package let cssHeight: Int
  package let undrawn: UndrawnLetters
}

/// What a picture's file says about itself.
package struct PictureMetadata: Sendable, Equatable {
  package var title: String?
  package var description: String?
  package var software: String
  /// The statement that made it.
  package var statement: String?

  package init(
    title: String? = nil, description: String? = nil, software: String = "Tessera", statement: String? = nil
  ) {
    self.title = title
    self.description = description
    self.software = software
    self.statement = statement
  }

  /// With the statement that made the picture, where there is one.
  func stating(_ statement: String?) -> PictureMetadata {
    guard let statement else { return self }
    var metadata = self
    metadata.statement = statement
    return metadata
  }
}
