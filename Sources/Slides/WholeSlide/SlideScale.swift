/// How many microns a pixel of a slide's finest level has, and who says so.
///
/// One rule for all. Tiles that were cut have the scale that they were cut with. Of a slide what its file says wins, and
/// what was given counts where the file says nothing. An objective and the resolution tags of a TIFF are offered, and not
/// taken unasked.
package struct SlideScale: Sendable, Equatable, Codable {
  package enum Source: String, Sendable, Codable {
    case file, given
    /// The extraction of the tiles, where the file does not say the same.
    case extraction
  }

  package let micronsPerPixel: Double
  package let source: Source
  /// What was given though the file or the tiles say otherwise; it is not used.
  package let overruled: Double?
  /// What the file says though the tiles were cut otherwise.
  package let contradicting: Double?
  /// What the file says besides that makes what was given unlikely; the latter is used.
  package let doubt: Hint?

  package init(micronsPerPixel: Double, source: Source) {
    self.micronsPerPixel = micronsPerPixel
    self.source = source
    (overruled, contradicting, doubt) = (nil, nil, nil)
  }

  /// - Parameters:
  ///   - cut: what the tiles were cut with, where tiles are asked about and that is on record.
  ///   - file: what the slide's file says; nil if it does not.
  ///   - given: what the user says of this slide.
  ///   - hint: what the file says besides.
  /// - Returns: nil where nobody says anything.
  package init?(cut: Double? = nil, file: Double?, given: Double?, hint: Hint? = nil) {
    guard let value = cut ?? file ?? given else { return nil }
    micronsPerPixel = value
    if let file, !Self.differ(value, file) {
      source = .file
    } else {
      source = cut != nil ? .extraction : .given
    }
    overruled = given.flatMap { Self.differ(value, $0) ? $0 : nil }
    contradicting = file.flatMap { Self.differ(value, $0) ? $0 : nil }
    doubt = source == .given ? hint.flatMap { (0.8...1.25).contains($0.micronsPerPixel / value) ? nil : $0 } : nil
  }

  /// A thousandth is a pixel along a tile of a thousand.
  package static func differ(_ one: Double, _ other: Double) -> Bool { abs(one - other) > 1e-3 * max(one, other) }

  /// What a file that does not say how large its pixels are says besides.
  package enum Hint: Sendable, Equatable, Codable {
    /// By its TIFF resolution tags.
    case tags(micronsPerPixel: Double)
    /// By the resolution that a PNG or JPEG file has.
    case resolution(micronsPerPixel: Double)
    /// A pixel of 1 µm is that of a 10x objective.
    case objective(power: Double)

    package var micronsPerPixel: Double {
      switch self {
      case .tags(let microns), .resolution(let microns): microns
      case .objective(let power): 10 / power
      }
    }
  }
}

extension WholeSlideImage {
  /// - Parameter given: what the user says of this slide.
  /// - Throws: `noMicronsPerPixel` where neither the file nor the user says anything.
  package func scale(given: Double?) throws(SlideError) -> SlideScale {
    guard let scale = SlideScale(file: micronsPerPixel, given: given, hint: scaleHint) else {
      throw .noMicronsPerPixel(path: path, stated: statedMicronsPerPixel, hint: scaleHint)
    }
    return scale
  }

  /// In µm, as the file says; nil if it does not say, or says something impossible.
  package var micronsPerPixel: Double? { statedMicronsPerPixel.flatMap { Self.possible.contains($0) ? $0 : nil } }

  /// As the file says, whether that can be true or not.
  package var statedMicronsPerPixel: Double? { number("openslide.mpp-x") }

  /// The height of a pixel where it is not its width, which all lengths are measured by.
  package var unequalPixelHeight: Double? {
    guard let width = micronsPerPixel, let height = number("openslide.mpp-y"), height > 0,
      abs(width - height) > 0.01 * width
    else { return nil }
    return height
  }

  /// As the file says; nil if it does not.
  package var objectivePower: Double? { number("openslide.objective-power").flatMap { $0 > 0 ? $0 : nil } }

  package var scaleHint: SlideScale.Hint? {
    if let microns = micronsPerPixelByTags {
      let isTIFF = !["png", "jpeg"].contains(vendor)
      return isTIFF ? .tags(micronsPerPixel: microns) : .resolution(micronsPerPixel: microns)
    }
    return objectivePower.flatMap { Self.possible.contains(10 / $0) ? .objective(power: $0) : nil }
  }

  /// What a microscope or a coarse scanner makes. A resolution of 72 or 300 dots an inch, 353 or 85 µm, is that of a page,
  /// written by a program that knew none.
  private static let possible = 0.01...20.0

  /// The size of a pixel that the resolution tags of a TIFF, or what a PNG or JPEG has of them, give, where that can be true of a slide.
  private var micronsPerPixelByTags: Double? {
    guard let perUnit = number("tiff.XResolution"), perUnit > 0 else { return nil }
    let unit: Double
    switch properties["tiff.ResolutionUnit"] {
    case "centimeter": unit = 10_000
    case "inch": unit = 25_400
    default: return nil
    }
    let microns = unit / perUnit
    return (0.05...10).contains(microns) ? microns : nil
  }
}
