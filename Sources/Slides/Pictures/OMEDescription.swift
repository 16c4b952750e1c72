import Files

/// What OME-TIFF says of its picture, in XML where other TIFF files have a text.
///
/// Source: The OME-TIFF specification, docs.openmicroscopy.org/ome-model.
struct OMEDescription: Equatable {
  /// In µm; nil where it is not said, or in a unit that is no length.
  let pixelWidth: Double?
  let pixelHeight: Double?
  /// Pictures that make one: channels that lie apart, depths and times.
  let planeCount: Int

  /// Nil for another text.
  init?(_ text: String) {
    guard text.contains("<OME"), var reader = try? XMLReader(Array(text.utf8)) else { return nil }
    var pixels: XMLReader.Element?
    var samples: Int?
    while let event = (try? reader.next()) ?? nil {
      guard case .start(let element) = event else {
        // The first picture is the slide; others are its label and the like.
        if event == .end(name: "pixels") { break }
        continue
      }
      if element.name == "pixels", pixels == nil { pixels = element }
      if element.name == "channel", samples == nil { samples = element["samplesperpixel"].flatMap { Int($0) } ?? 1 }
    }
    guard let pixels else { return nil }
    func count(_ name: String) -> Int { min(max(pixels[name].flatMap { Int($0) } ?? 1, 1), 1_000_000) }
    pixelWidth = Self.microns(pixels["physicalsizex"], unit: pixels["physicalsizexunit"])
    pixelHeight = Self.microns(pixels["physicalsizey"], unit: pixels["physicalsizeyunit"])
    planeCount = max(count("sizec") / max(samples ?? 1, 1), 1) * count("sizez") * count("sizet")
  }

  private static func microns(_ text: String?, unit: String?) -> Double? {
    let factors = [
      "µm": 1, "μm": 1, "um": 1, "micron": 1, "nm": 1e-3, "mm": 1e3, "cm": 1e4, "m": 1e6, "Å": 1e-4, "in": 25_400,
    ]
    guard let number = text.flatMap({ Double($0) }), number > 0, let factor = factors[unit ?? "µm"] else { return nil }
    return number * factor
  }

  /// As OpenSlide's properties have it.
  var properties: [String: String] {
    var properties: [String: String] = [:]
    properties["openslide.mpp-x"] = pixelWidth.map { "\($0)" }
    properties["openslide.mpp-y"] = (pixelHeight ?? pixelWidth).map { "\($0)" }
    return properties
  }
}
