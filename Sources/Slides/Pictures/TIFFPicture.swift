import CTIFF

/// The place of a picture in a TIFF file, in the order of its directories.
typealias TIFFPageNumber = Int

/// A TIFF file read by libtiff, for one thread at a time.
struct TIFFPicture: ~Copyable {
  let path: String
  private let file: OpaquePointer
  private let pages: [tiff_page]

  /// Nil for what is no TIFF file.
  init?(path: String) {
    guard let file = tiff_pages_open(path) else { return nil }
    self.path = path
    self.file = file
    pages = (0..<tiff_pages_page_count(file)).map { tiff_pages_page(file, $0) }
  }

  deinit { tiff_pages_close(file) }

  var pageCount: Int { pages.count }
  func page(_ number: TIFFPageNumber) -> tiff_page { pages[number] }

  /// False for a file without a picture of a size that slides have, such as a damaged one.
  var isPicture: Bool { largestPage != nil }

  /// The picture that the slide is: of those that do not lie in others the first of the largest.
  var largestPage: TIFFPageNumber? {
    let own = pages.indices.filter { pages[$0].is_child == 0 && pages[$0].width > 0 && pages[$0].height > 0 }
    func area(_ number: Int) -> Int { Int(pages[number].width) * Int(pages[number].height) }
    guard let most = own.map(area).max() else { return nil }
    return own.first { area($0) == most }
  }

  /// How often a picture is gone over to read it: once for each colour where these lie apart.
  func planeCount(of number: TIFFPageNumber) -> Int { pages[number].is_planar != 0 ? 3 : 1 }

  /// Opens the file as a slide.
  ///
  /// - Throws: `unreadPicture`, `channelsApart`, `notASlide`.
  consuming func source() throws(SlideError) -> any SlideSource {
    guard let number = largestPage else { throw .notASlide(path: path) }
    if let clause = unreadable(number) { throw .unreadPicture(path: path, clause) }
    if let planes = OMEDescription(description(of: number))?.planeCount, planes > 1 {
      throw .channelsApart(path: path, planeCount: planes)
    }
    guard page(number).tile_width > 0 else { return try FlatPicture(self, page: number) }
    let path = path
    guard let pyramid = TIFFPyramid(path: path) else { throw .notASlide(path: path) }
    return pyramid
  }

  /// What the numbers of a pixel are (TIFF 6.0, PhotometricInterpretation).
  private enum Colours: UInt16 {
    case light = 0, dark, rgb, palette
    case inks = 5, luminance
  }

  /// TIFF's number for JPEG compression.
  private static let jpeg: UInt16 = 7

  /// Why a picture is not read, as a clause; nil if it is.
  func unreadable(_ number: TIFFPageNumber) -> String? {
    let page = pages[number]
    guard page.is_decodable != 0 else {
      return "its compression (\(page.compression)) cannot be undone by libtiff here"
    }
    guard page.sample_format == 1 || page.sample_format == 4 else { return "its pixels are not whole numbers" }
    guard page.bits == 8 || page.bits == 16 else { return "its pixels have \(page.bits) bits a channel" }
    let isPlanar = page.is_planar != 0
    switch Colours(rawValue: page.photometric) {
    case .dark, .light:
      // More than one channel without colours are those of a fluorescence scan; a second one may be transparency.
      return page.samples <= 2 && !isPlanar ? nil : "its \(page.samples) channels are not red, green and blue"
    case .palette: return page.bits == 8 && page.samples == 1 ? nil : "its palette is not of 8 bits"
    case .rgb where page.samples >= 3:
      return isPlanar && page.tile_width > 0 ? "its colours lie apart, in tiles of their own" : nil
    case .luminance where page.compression == Self.jpeg && page.samples == 3 && !isPlanar: return nil
    case .inks: return "its colours are those of inks (CMYK)"
    case .luminance: return "it keeps luminance and colour without JPEG compression"
    default: return "its colours are of a kind that is not read (photometric \(page.photometric))"
    }
  }

  borrowing func select(_ number: TIFFPageNumber) -> Bool { tiff_pages_select(file, UInt32(number)) != 0 }

  borrowing func description(of number: TIFFPageNumber) -> String {
    select(number) ? String(cString: tiff_pages_description(file)) : ""
  }

  borrowing func properties(of number: TIFFPageNumber) -> [String: String] {
    var properties = ["openslide.vendor": "tiff"]
    let page = pages[number]
    if page.x_resolution > 0 { properties["tiff.XResolution"] = "\(page.x_resolution)" }
    properties["tiff.ResolutionUnit"] = [2: "inch", 3: "centimeter"][page.resolution_unit]
    let description = description(of: number)
    if !description.isEmpty { properties["tiff.ImageDescription"] = description }
    return properties
  }

  /// A row of the selected picture; from top to bottom.
  borrowing func readRow(
    _ row: Int, plane: Int, into pixels: UnsafeMutablePointer<UInt8>
  ) throws(ImageFault) {
    guard tiff_pages_row(file, UInt32(row), UInt32(plane), pixels) != 0 else { throw .damaged(message) }
  }

  /// A tile of the selected picture, also at an edge the whole of it.
  borrowing func readTile(
    column: Int, row: Int, into pixels: UnsafeMutablePointer<UInt8>
  ) throws(ImageFault) {
    guard tiff_pages_tile(file, UInt32(column), UInt32(row), pixels) != 0 else { throw .damaged(message) }
  }

  private var message: String {
    let text = String(cString: tiff_pages_message(file))
    return text.isEmpty ? "libtiff cannot read it" : text
  }
}
