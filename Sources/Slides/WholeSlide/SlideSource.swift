/// One opening of a slide's file by whatever reads its format; any thread may use it.
protocol SlideSource: AnyObject, Sendable {
  /// From the finest to the coarsest.
  var levels: [SlideLevel] { get }
  /// Under the names that OpenSlide gives them.
  var properties: [String: String] { get }
  /// The label, the macro picture and the like, sorted by name.
  var associatedImages: [AssociatedImage] { get }

  /// True where nothing is read before everything is unpacked.
  var isUnpackedWhole: Bool { get }

  /// Premultiplied ARGB, native byte order; x and y in level-0 pixels, width and height in the level's. What lies outside
  /// the slide is clear.
  ///
  /// - Throws: `SlideError.unreadableRegion`, after which another opening of the file may still read it; other errors
  ///   where none can.
  func read(
    _ pixels: UnsafeMutablePointer<UInt32>, x: Int, y: Int, level: Int, width: Int, height: Int
  ) throws(SlideError)

  /// - Throws: `SlideError.unreadableAssociatedImage`.
  func readAssociatedImage(_ name: String, into pixels: UnsafeMutablePointer<UInt32>) throws(SlideError)
}

extension SlideSource {
  var isUnpackedWhole: Bool { false }
}

/// Finds what reads a file.
enum SlideSources {
  /// - Throws: `SlideError` where nothing does.
  static func open(_ path: String) throws(SlideError) -> any SlideSource {
    do throws(SlideError) {
      let handle = try SlideHandle(path: path)
      return try pyramid(inside: handle, path: path) ?? handle
    } catch .notASlide {
      // Before pictures: the cover of a MIRAX slide is one, and so is what other formats begin with.
      if let named = ForeignSlide(path: path) { throw .foreign(path: path, named) }
      if !isMIRAX(path), let picture = try FlatPicture(path: path) { return picture }
      if let file = TIFFPicture(path: path), file.isPicture { return try file.source() }
      throw .notASlide(path: path)
    } catch {
      // What is damaged must not be taken for a plain file; a compression may be known to libtiff.
      guard case .cannotOpen(_, let reason) = error, reason.hasPrefix("Unsupported"),
        let pyramid = TIFFPyramid(path: path)
      else { throw error }
      return pyramid
    }
  }

  private static func isMIRAX(_ path: String) -> Bool { path.lowercased().hasSuffix(".mrxs") }

  /// A pyramid that OpenSlide sees only the finest level of, because the others lie inside it (TIFF's SubIFDs); nil for
  /// other files.
  ///
  /// - Throws: `SlideError.channelsApart`: OpenSlide would show the first channel as if it were all.
  private static func pyramid(inside handle: SlideHandle, path: String) throws(SlideError) -> (any SlideSource)? {
    let properties = handle.properties
    guard properties["openslide.vendor"] == "generic-tiff" else { return nil }
    if let planes = properties["tiff.ImageDescription"].flatMap(OMEDescription.init)?.planeCount, planes > 1 {
      throw .channelsApart(path: path, planeCount: planes)
    }
    guard handle.levels.count == 1, let pyramid = TIFFPyramid(path: path), pyramid.levels.count > 1,
      pyramid.levels[0] == handle.levels[0]
    else { return nil }
    return pyramid
  }
}
