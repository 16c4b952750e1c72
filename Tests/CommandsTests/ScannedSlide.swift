import FeatureData

@testable import DemoProject
@testable import Slides

/// A slide in Leica's layout of which only a part was scanned: 512 × 512 pixels of 0.5 µm from (512, 256) on, of 2048 × 2048.
enum ScannedSlide {
  static let part = SlideBounds(x: 512, y: 256, width: 512, height: 512)

  static func write(to path: String) throws {
    // Lengths in nanometres.
    let document = """
      <?xml version="1.0"?>
      <scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01" uuid="urn:uuid:1"><collection name="c" \
      uuid="urn:uuid:2" sizeX="1024000" sizeY="1024000" barcode="" ocrStatus=""><image name="i" uuid="urn:uuid:3">\
      <creationDate>2011-01-01T00:00:00.000Z</creationDate><device model="Leica SCN400" version="1"/>\
      <pixels sizeX="512" sizeY="512"><dimension sizeX="512" sizeY="512" r="0" ifd="0"/>\
      <dimension sizeX="128" sizeY="128" r="1" ifd="1"/></pixels>\
      <view sizeX="256000" sizeY="256000" offsetX="256000" offsetY="128000"/>\
      <scanSettings><objectiveSettings><objective>20</objective></objectiveSettings><illuminationSettings>\
      <numericalAperture>0.4</numericalAperture><illuminationSource>brightfield</illuminationSource>\
      </illuminationSettings></scanSettings></image></collection></scn>
      """
    var file = try TIFFFile(path: path)
    for (side, description) in [(512, document), (128, "")] {
      let tileSide = min(side, 256)
      try file.begin(TIFFFile.Picture(width: side, height: side, tileSide: tileSide, description: description))
      let tissue = RGBImage(
        width: tileSide, height: tileSide, pixels: (0..<tileSide * tileSide).flatMap { [200, UInt8($0 % 97), 180] })
      let jpeg = try TileEncoder().jpeg(tissue, quality: 85)
      for _ in 0..<(side / tileSide) * (side / tileSide) { try file.append(jpeg) }
      try file.end()
    }
    try file.finish()
  }
}
