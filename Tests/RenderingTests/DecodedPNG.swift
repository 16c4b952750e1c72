import CPNG

/// A PNG as libpng, which Rendering does not use, reads it.
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
    guard bytes.withUnsafeBytes({ png_image_begin_read_from_memory(&image, $0.baseAddress, $0.count) }) != 0 else {
      return nil
    }
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
    width = Int(image.width)
    height = Int(image.height)
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    let isRead = pixels.withUnsafeMutableBytes {
      png_image_finish_read(&image, nil, $0.baseAddress, 0, nil)
    }
    guard isRead != 0 else { return nil }
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
