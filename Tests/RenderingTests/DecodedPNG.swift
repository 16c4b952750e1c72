import CPNG

/// A PNG as libpng's reader, of which Rendering uses nothing, gives it back, and its chunks in the order of the file.
struct DecodedPNG {
  let width: Int
  let height: Int
  /// RGB, row-major.
  let pixels: [UInt8]
  /// Name and data of each chunk, in the order of the file.
  let chunks: [(name: String, data: [UInt8])]

  init?(_ bytes: [UInt8]) {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    // libpng keeps the address of the file between the two calls.
    let pixels: [UInt8]? = bytes.withUnsafeBytes { file in
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else { return nil }
      image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
      var pixels = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * 3)
      let isRead = pixels.withUnsafeMutableBytes { png_image_finish_read(&image, nil, $0.baseAddress, 0, nil) }
      return isRead == 0 ? nil : pixels
    }
    // 1 is a warning.
    guard let pixels, image.warning_or_error == 0 else { return nil }
    width = Int(image.width)
    height = Int(image.height)
    self.pixels = pixels
    var chunks: [(name: String, data: [UInt8])] = []
    var place = 8
    while place + 12 <= bytes.count {
      let count = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + count <= bytes.count else { return nil }
      chunks.append(
        (
          String(decoding: bytes[place + 4..<place + 8], as: UTF8.self),
          Array(bytes[place + 8..<place + 8 + count])
        ))
      place += 12 + count
    }
    self.chunks = chunks
  }

  subscript(x: Int, y: Int) -> [UInt8] { Array(pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3]) }

  /// How many pixels have exactly this colour.
  func count(of colour: [UInt8]) -> Int {
    stride(from: 0, to: pixels.count, by: 3).count {
      pixels[$0] == colour[0] && pixels[$0 + 1] == colour[1] && pixels[$0 + 2] == colour[2]
    }
  }
}
