import CSIMDKernels
import CTIFF
import Files
import Synchronization

/// A plain picture as a slide of one level: PNG, JPEG, or TIFF in strips.
///
/// Nothing of it can be read without what comes before. It is unpacked into a file when pixels are first asked for, three
/// bytes each, and the memory taken does not grow with it.
final class FlatPicture: SlideSource {
  /// More would need more than 6 GB of disk.
  static let maximumPixelCount = 1 << 31

  let levels: [SlideLevel]
  let properties: [String: String]
  var associatedImages: [AssociatedImage] { [] }
  var isUnpackedWhole: Bool { true }

  private enum Kind { case png, jpeg, tiff }

  private let path: String
  private let kind: Kind
  private let width: Int
  private let height: Int
  private let pixels = Mutex<PixelFile?>(nil)

  /// A PNG or JPEG file; nil for another.
  ///
  /// - Throws: `SlideError` for one that is damaged or too large.
  init?(path: String) throws(SlideError) {
    guard let file = try? MappedFile(path: path), let format = TileFormat(file.bytes) else { return nil }
    self.path = path
    do throws(ImageFault) {
      switch format {
      case .png:
        let picture = try PNGTile(file.bytes)
        (kind, (width, height)) = (.png, picture.size)
        properties = Self.properties("png", perCentimetre: picture.pixelsPerMetre / 100)
      case .jpeg:
        (kind, (width, height)) = (.jpeg, try JPEGTile(file.bytes, coefficientLimit: JPEGScans.slideLimit).size)
        properties = Self.properties("jpeg", perCentimetre: JPEGDensity.perCentimetre(file.bytes))
      }
    } catch {
      throw .damagedPicture(path: path, error)
    }
    levels = [SlideLevel(width: width, height: height, downsample: 1)]
    try check()
  }

  /// A TIFF file whose largest picture lies in strips.
  init(_ file: borrowing TIFFPicture, page: TIFFPageNumber) throws(SlideError) {
    path = file.path
    kind = .tiff
    (width, height) = (Int(file.page(page).width), Int(file.page(page).height))
    properties = file.properties(of: page)
    levels = [SlideLevel(width: width, height: height, downsample: 1)]
    try check()
  }

  private static func properties(_ vendor: String, perCentimetre: Double) -> [String: String] {
    var properties = ["openslide.vendor": vendor]
    if perCentimetre > 0 {
      properties["tiff.XResolution"] = "\(perCentimetre)"
      properties["tiff.ResolutionUnit"] = "centimeter"
    }
    return properties
  }

  private func check() throws(SlideError) {
    let side = WholeSlideImage.maximumSide
    guard (1...side).contains(width), (1...side).contains(height) else {
      throw .impossibleSize(path: path, width: width, height: height)
    }
    guard width * height <= Self.maximumPixelCount else {
      throw .pictureTooLarge(path: path, width: width, height: height, limit: Self.maximumPixelCount)
    }
  }

  func read(
    _ target: UnsafeMutablePointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError) {
    let file = try unpacked()
    let columns = (x..<x + width).clamped(to: 0..<self.width)
    let rows = (y..<y + height).clamped(to: 0..<self.height)
    if columns.count < width || rows.count < height { target.update(repeating: 0, count: width * height) }
    guard !columns.isEmpty, let base = file.bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    for row in rows {
      simd_make_opaque(
        UnsafePointer(base + (row * self.width + columns.lowerBound) * 3), Int64(columns.count),
        target + (row - y) * width + columns.lowerBound - x)
    }
  }

  func readAssociatedImage(_ name: String, into pixels: UnsafeMutablePointer<UInt32>) throws(SlideError) {
    throw .noAssociatedImage(path: path, name: name, known: [])
  }

  /// Unpacked by the first that asks; others wait.
  private func unpacked() throws(SlideError) -> PixelFile {
    try pixels.withLock { pixels throws(SlideError) in
      if let pixels { return pixels }
      let file: PixelFile
      do throws(FileFault) { file = try PixelFile(byteCount: width * height * 3) } catch {
        throw .cannotUnpack(
          path: path, byteCount: width * height * 3, folder: PixelFile.folder, reason: error.description)
      }
      do throws(ImageFault) { try unpack(into: file.bytes.bindMemory(to: UInt8.self)) } catch {
        throw .damagedPicture(path: path, error)
      }
      pixels = file
      return file
    }
  }

  private func unpack(into target: UnsafeMutableBufferPointer<UInt8>) throws(ImageFault) {
    if kind == .tiff { return try unpackStrips(into: target) }
    guard let file = try? MappedFile(path: path), file.isWhole else { throw .damaged("the file is not there any more") }
    if kind == .png {
      let picture = try PNGTile(file.bytes)
      guard picture.size == (width, height) else { throw .damaged("the file was changed") }
      try picture.decodeOverWhite(into: target)
    } else {
      let picture = try JPEGTile(file.bytes, coefficientLimit: JPEGScans.slideLimit)
      guard picture.size == (width, height) else { throw .damaged("the file was changed") }
      try picture.decode(into: target, width: width, height: height)
    }
  }

  private func unpackStrips(into target: UnsafeMutableBufferPointer<UInt8>) throws(ImageFault) {
    guard let file = TIFFPicture(path: path), let page = file.largestPage, file.select(page),
      Int(file.page(page).width) == width, Int(file.page(page).height) == height, let base = target.baseAddress
    else { throw .damaged("the file was changed") }
    for plane in 0..<file.planeCount(of: page) {
      for row in 0..<height { try file.readRow(row, plane: plane, into: base + row * width * 3) }
    }
  }
}

/// How many pixels a JPEG file says there are along a length: JFIF's density (ISO/IEC 10918-5, 10.1).
enum JPEGDensity {
  /// Pixels in a centimetre; 0 if the file does not say.
  static func perCentimetre(_ bytes: UnsafeRawBufferPointer) -> Double {
    // The segment comes first: FF D8, FF E0, two bytes of length, "JFIF" and a zero, the version, the unit, the densities.
    guard bytes.count > 18, bytes[2] == 0xFF, bytes[3] == 0xE0, bytes[6..<11].elementsEqual("JFIF\0".utf8) else {
      return 0
    }
    let density = Double(Int(bytes[14]) << 8 | Int(bytes[15]))
    switch bytes[13] {
    case 1: return density / 2.54
    case 2: return density
    default: return 0
    }
  }
}
