/// What can be wrong with a whole-slide image, its grid or its regions of interest.
package enum SlideError: Error, Sendable, Equatable {
  /// No format that OpenSlide knows.
  case notASlide(path: String)
  /// A slide whose file is broken; the reason is OpenSlide's.
  case cannotOpen(path: String, reason: String)
  /// Of a format that is not read.
  case foreign(path: String, ForeignSlide)
  /// A TIFF file whose picture is of a kind that is not read; `clause` says which.
  case unreadPicture(path: String, _ clause: String)
  /// An OME-TIFF whose channels, depths or times are pictures of their own.
  case channelsApart(path: String, planeCount: Int)
  /// A plain picture that is not whole, or of a kind that is not read.
  case damagedPicture(path: String, ImageFault)
  case pictureTooLarge(path: String, width: Int, height: Int, limit: Int)
  /// There is no room to unpack a plain picture.
  case cannotUnpack(path: String, byteCount: Int, folder: String, reason: String)
  /// It has no size that a slide can have, or more levels or pixels than a slide can have.
  case impossibleSize(path: String, width: Int, height: Int)
  /// A region cannot be read, also not from a fresh handle; coordinates in level-0 pixels.
  case unreadableRegion(path: String, x: Int, y: Int, level: Int, reason: String)
  case noAssociatedImage(path: String, name: String, known: [String])
  case unreadableAssociatedImage(path: String, name: String, reason: String)

  /// The file does not say how large its pixels are, or says what no slide has (`stated`); `hint` is what it says besides.
  case noMicronsPerPixel(path: String, stated: Double?, hint: SlideScale.Hint?)
  /// No level is within 2 of the magnification that was asked for; a tile of `microns` has the same scale.
  case noMagnification(path: String, wanted: String, available: [Double], microns: Double?)
  /// A tile would be smaller than a pixel, or larger than can be read at once.
  case impossibleTile(path: String, extractPixels: Int)
  /// The grid would have more cells than can be worked on.
  case gridTooLarge(path: String, columns: Int, rows: Int)

  case roiColumnMissing(path: String, line: Int, name: String, found: [String])
  /// The only region, or the first of those of which none is one.
  case roiFaulty(path: String, name: String, line: Int, fault: RegionFault)
  /// A file without a single region; `reasons` are clauses on what it holds instead.
  case roiEmpty(path: String, reasons: [String])
  /// Not what its format says; `clause` says why.
  case roiDamaged(path: String, line: Int?, _ clause: String)
  /// No region is of the classes that are asked for; `found` are those there are, with how many regions have each.
  case roiClassMissing(slide: String, wanted: [String], found: [String], unclassed: Int)
  case roiTooManyRegions(path: String, line: Int, limit: Int)
  case roiTooManyVertices(path: String, line: Int, limit: Int)
  case roiMissing(slide: String, folders: [String])
  /// All regions lie off the slide, from (x, y) on; pixels of level 0.
  case roiOutside(slide: String, names: [String], width: Int, height: Int, x: Int, y: Int)
  /// All regions lie where nothing was scanned, and on what was scanned if they are counted from its corner, (x, y).
  case roiOfScannedPart(slide: String, names: [String], x: Int, y: Int)
  /// The other way round: they lie on what was scanned if they are counted from the corner of the whole slide.
  case roiOfWholeSlide(slide: String, names: [String], x: Int, y: Int)
}

extension SlideError: CustomStringConvertible {
  /// What is wrong, naming the file.
  package var description: String {
    switch self {
    case .notASlide(let path):
      Self.hasSlideEnding(path)
        ? "\(path) is called like a slide, but OpenSlide does not recognise it: it is damaged, cut off, or of another kind."
        : "\(path) is not a whole-slide image of a format that OpenSlide knows."
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(Self.compression(reason) ?? reason)."
    case .foreign(let path, let format): "\(path) is \(format.words), which is not read."
    case .unreadPicture(let path, let clause): "\(path) is a TIFF file that is not read: \(clause)."
    case .channelsApart(let path, let count):
      "\(path) is an OME-TIFF of \(count) pictures, channels or depths that lie apart, and only one picture in red, green and "
        + "blue is read."
    case .damagedPicture(let path, .unsupported(let kind)): "\(path) is not read: it is \(kind)."
    case .damagedPicture(let path, let fault): "\(path) cannot be opened as a slide: \(fault.description)."
    case .pictureTooLarge(let path, let width, let height, let limit):
      "\(path) is a plain picture of \(width) × \(height) pixels, and such are read up to \(limit / 1_000_000) million pixels."
    case .cannotUnpack(let path, let byteCount, let folder, let reason):
      "\(path) is a plain picture, which takes \(byteCount / 1_000_000) MB in \(folder) while it is open, and they cannot be had: "
        + "\(reason)."
    case .impossibleSize(let path, let width, let height):
      "\(path) claims \(width) × \(height) pixels, which no slide has."
    case .unreadableRegion(let path, let x, let y, let level, let reason):
      "\(path): the region at (\(x), \(y)) cannot be read from level \(level): \(reason)."
    case .noAssociatedImage(let path, let name, let known):
      "\(path) has no picture \(name); it has \(known.isEmpty ? "none" : known.joined(separator: ", "))."
    case .unreadableAssociatedImage(let path, let name, let reason):
      "\(path): its picture \(name) cannot be read: \(reason)."
    case .noMicronsPerPixel(let path, let stated?, _):
      "\(path) gives \(Self.digits(stated)) µm per pixel, which no slide has."
    case .noMicronsPerPixel(let path, nil, _): "\(path) does not give its resolution in µm per pixel."
    case .noMagnification(let path, let wanted, let available, _):
      "\(path) has no level at \(wanted); its levels are at "
        + available.map { Self.rounded($0) + "x" }.joined(separator: ", ") + "."
    case .impossibleTile(let path, let pixels):
      pixels < 1
        ? "\(path): such a tile is smaller than a pixel of the slide."
        : "\(path): such a tile takes \(pixels) pixels along a side, which is more than can be read at once."
    case .gridTooLarge(let path, let columns, let rows):
      "\(path): the grid would have \(columns) × \(rows) tiles, which is more than can be worked on."
    case .roiColumnMissing(let path, let line, let name, let found):
      "\(path), line \(line): there is no column \(name); the columns are \(found.joined(separator: ", "))."
    case .roiFaulty(let path, _, let line, .coordinate(let column, let value)):
      "\(path), line \(line): \(RegionFault.coordinate(column: column, value: value).clause)."
    case .roiFaulty(let path, let name, let line, .fewVertices(let count)):
      "\(path), line \(line): the region \(name) has \(count) \(count == 1 ? "vertex" : "vertices"), and a region needs three."
    case .roiFaulty(let path, let name, let line, .flat):
      "\(path), line \(line): the vertices of the region \(name) lie on one line, and bound nothing."
    case .roiEmpty(let path, let reasons):
      "\(path) holds no region of interest" + (reasons.isEmpty ? "." : ": \(reasons.joined(separator: "; ")).")
    case .roiDamaged(let path, let line, let clause):
      "\(path)" + (line.map { ", line \($0)" } ?? "") + " cannot be read as regions of interest: \(clause)."
    case .roiClassMissing(let slide, let wanted, let found, let unclassed):
      "No region of interest of slide \(slide) has the class \(wanted.joined(separator: " or ")); "
        + (found.isEmpty
          ? "none has a class."
          : "the classes are \(found.joined(separator: ", "))"
            + (unclassed > 0 ? ", and \(unclassed) without one." : "."))
    case .roiTooManyRegions(let path, let line, let limit):
      "\(path), line \(line): there are more than \(limit) regions, which is more than can be worked on."
    case .roiTooManyVertices(let path, let line, let limit):
      "\(path), line \(line): the regions have more than \(limit) vertices, which is more than can be worked on."
    case .roiMissing(let slide, let folders):
      "There are no regions of interest for slide \(slide): no \(slide).csv, .geojson or .xml in "
        + (folders.isEmpty ? "any roi folder" : folders.joined(separator: ", ")) + "."
    case .roiOutside(let slide, let names, let width, let height, let x, let y):
      "All regions of interest of slide \(slide) (\(Self.list(names))) lie outside of it: they begin at (\(x), \(y)), and it "
        + "is \(width) × \(height) pixels."
    case .roiOfScannedPart(let slide, let names, let x, let y):
      "All regions of interest of slide \(slide) (\(Self.list(names))) lie where nothing was scanned. Moved by (\(x), \(y)) "
        + "they lie on it: they seem to be counted as in QuPath, from the corner of the scanned part, and here places count from "
        + "the corner of the whole slide."
    case .roiOfWholeSlide(let slide, let names, let x, let y):
      "All regions of interest of slide \(slide) (\(Self.list(names))) lie off the scanned part, whose corner is (\(x), \(y)), "
        + "if they are counted from there as QuPath counts; counted from the corner of the whole slide they lie on it."
    }
  }

  /// What to do about it; nil where there is nothing to type.
  package var remedy: String? {
    switch self {
    case .noMicronsPerPixel(let path, _, let hint):
      switch hint {
      case .tags(let microns)?: Self.mpp(path, Self.digits(microns)) + ", as its TIFF's resolution tags have it"
      case .resolution(let microns)?:
        Self.mpp(path, Self.digits(microns)) + ", as the resolution in the file has it"
      case .objective(let power)?:
        Self.mpp(path, Self.digits(10 / power)) + ", as its \(Self.digits(power))x objective has it"
      // A number that nobody read anywhere would be taken for one that somebody did.
      case nil: Self.mpp(path, "…") + ", as its scanner has it"
      }
    case .noMagnification(_, _, _, let microns): microns.map { "tile_um=\(Self.rounded($0))" }
    case .impossibleTile(_, let pixels): pixels < 1 ? "a larger tile_um" : "a smaller tile_um"
    case .gridTooLarge: "a smaller stride_div or a larger tile_um"
    case .roiColumnMissing: "Name the columns ROI_name, X_base, Y_base."
    case .roiFaulty(_, _, _, .fewVertices): "Give it three vertices or more, or delete its rows."
    case .roiOfWholeSlide(_, _, let x, let y): "Subtract \(x) from each x and \(y) from each y, or roi_method=ignore."
    case .roiTooManyRegions: "Keep the regions that tiles are to be chosen by, and not those of single cells."
    case .roiTooManyVertices: "Simplify the outlines: a vertex for every ten pixels is enough to choose tiles."
    case .roiMissing: "roi_method=auto, or put the file there"
    case .roiOutside: "Give the regions of this slide, or roi_method=ignore."
    case .roiOfScannedPart(_, _, let x, let y): "Add \(x) to X_base and \(y) to Y_base, or roi_method=ignore."
    case .foreign(let path, let format): format.remedy(path)
    case .channelsApart: "Write it anew with raw2ometiff --rgb, or export it as RGB from QuPath."
    case .unreadPicture, .pictureTooLarge, .damagedPicture(_, .unsupported):
      "Convert it: vips tiffsave IN OUT.tif --tile --pyramid --compression jpeg"
    case .damagedPicture: "Copy the file again from where it came from."
    case .cannotUnpack: "Make room there, or set TMPDIR to a folder with more before the kernel starts."
    case .notASlide(let path) where Self.hasSlideEnding(path):
      "Copy the file again from where it came from, or convert it to a tiled, pyramidal TIFF."
    case .notASlide:
      "OpenSlide reads Aperio SVS, Hamamatsu NDPI and VMS, Leica SCN, MIRAX, Philips TIFF, Sakura, Trestle, Ventana and "
        + "tiled TIFF, and PNG, JPEG and plain TIFF are read too; convert other formats to a tiled, pyramidal TIFF."
    case .cannotOpen(_, let reason) where reason.hasPrefix("Unsupported"):
      "Convert it to a tiled, pyramidal TIFF with JPEG compression, with QuPath or by: "
        + "vips tiffsave IN.tif OUT.tif --tile --pyramid --compression jpeg"
    case .cannotOpen, .unreadableRegion: "Copy the file again from where it came from."
    default: nil
    }
  }

  /// Compressions of TIFF that OpenSlide names by their number, as the TIFF registry has them.
  private static let compressions = [
    22610: "JPEG XR", 33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000", 34887: "LERC",
    34892: "lossy JPEG", 34925: "LZMA", 34933: "PNG", 34934: "JPEG XR", 50000: "Zstandard", 50001: "WebP",
    50002: "JPEG XL", 52546: "JPEG XL",
  ]

  /// "its tiles are compressed by JPEG 2000 (34712), …" for OpenSlide's "Unsupported TIFF compression: 34712".
  private static func compression(_ reason: String) -> String? {
    let words = "Unsupported TIFF compression: "
    guard reason.hasPrefix(words), let number = Int(reason.dropFirst(words.count)) else { return nil }
    let name = compressions[number].map { "\($0) (TIFF compression \(number))" } ?? "TIFF compression \(number)"
    return "its tiles are compressed by \(name), which OpenSlide does not read in such a file"
  }

  private static func hasSlideEnding(_ path: String) -> Bool {
    ProjectFiles.slideExtensions.contains { path.lowercased().hasSuffix("." + $0) }
  }

  /// As `mpp` is written for one slide.
  private static func mpp(_ path: String, _ microns: String) -> String {
    let name = WholeSlideImage.name(ofFile: path)
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "._-".utf8.contains(byte)
    }
    return "mpp={\(isPlain ? name : "\"\(name)\""): \(microns)}"
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }

  /// Six digits behind the point at most: what is typed again must not differ by a pixel.
  private static func digits(_ number: Double) -> String {
    let value = (number * 1e6).rounded() / 1e6
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  /// Three digits behind the point at most.
  private static func rounded(_ number: Double) -> String {
    let value = (number * 1000).rounded() / 1000
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
