import CPNG

/// Decodes PNG tiles through libpng's simplified calls, which never jump across Swift's frames.
enum PNGTile {
  static func size(of bytes: UnsafeRawBufferPointer) throws(ImageFault) -> (width: Int, height: Int) {
    var image = try opened(bytes)
    defer { png_image_free(&image) }
    return (Int(image.width), Int(image.height))
  }

  /// The pixels as RGB; transparency is dropped, grey is spread, 16 bits become 8.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(ImageFault) {
    var image = try opened(bytes)
    defer { png_image_free(&image) }
    let pixelCount = Int(image.width) * Int(image.height)
    precondition(pixels.count >= pixelCount * 3, "the pixels must fit")
    guard image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0 else {
      image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
      guard png_image_finish_read(&image, nil, pixels.baseAddress, 0, nil) != 0 else { throw fault(image) }
      return
    }
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR) | UInt32(PNG_FORMAT_FLAG_ALPHA)
    var colours = [UInt8](repeating: 0, count: pixelCount * 4)
    guard png_image_finish_read(&image, nil, &colours, 0, nil) != 0 else { throw fault(image) }
    for pixel in 0..<pixelCount {
      for channel in 0..<3 { pixels[pixel * 3 + channel] = colours[pixel * 4 + channel] }
    }
  }

  private static func opened(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) -> png_image {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      let fault = fault(image)
      png_image_free(&image)
      throw fault
    }
    return image
  }

  private static func fault(_ image: png_image) -> ImageFault {
    withUnsafeBytes(of: image.message) { message in
      .damaged(String(decoding: message.prefix { $0 != 0 }, as: UTF8.self))
    }
  }
}
