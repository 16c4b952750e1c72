import CPNG

/// One PNG file, decoded through libpng's simplified calls, which never jump across Swift's frames.
struct PNGTile: ~Copyable {
  /// On the heap, because libpng keeps the address that it was given first.
  private let image: UnsafeMutablePointer<png_image>

  /// Reads the header. The bytes must outlive the value.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) {
    image = .allocate(capacity: 1)
    image.initialize(to: png_image())
    image.pointee.version = UInt32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(image, bytes.baseAddress, bytes.count) != 0 else {
      throw fault
    }
  }

  deinit {
    png_image_free(image)
    image.deinitialize(count: 1)
    image.deallocate()
  }

  var size: (width: Int, height: Int) { (Int(image.pointee.width), Int(image.pointee.height)) }

  /// The pixels as RGB; transparency is dropped, grey is spread, 16 bits become 8.
  func decode(into pixels: UnsafeMutableBufferPointer<UInt8>) throws(ImageFault) {
    let pixelCount = size.width * size.height
    precondition(pixels.count >= pixelCount * 3, "the pixels must fit")
    guard image.pointee.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0 else {
      image.pointee.format = UInt32(PNG_FORMAT_FLAG_COLOR)
      guard png_image_finish_read(image, nil, pixels.baseAddress, 0, nil) != 0 else { throw fault }
      return
    }
    image.pointee.format = UInt32(PNG_FORMAT_FLAG_COLOR) | UInt32(PNG_FORMAT_FLAG_ALPHA)
    var colours = [UInt8](repeating: 0, count: pixelCount * 4)
    guard png_image_finish_read(image, nil, &colours, 0, nil) != 0 else { throw fault }
    for pixel in 0..<pixelCount {
      for channel in 0..<3 { pixels[pixel * 3 + channel] = colours[pixel * 4 + channel] }
    }
  }

  private var fault: ImageFault {
    withUnsafeBytes(of: image.pointee.message) { message in
      .damaged(String(decoding: message.prefix { $0 != 0 }, as: UTF8.self))
    }
  }
}
