import FeatureData
import Testing

@testable import Slides

/// Places in the names of tile files.
@Suite struct TileNamePlacesTests {
  /// Names of a grid of three columns and two rows, 256 pixels apart.
  private func names(_ name: (_ x: Int, _ y: Int) -> String) -> [String] {
    [0, 1, 2].flatMap { column in [4, 5].map { row in name(column * 256, row * 256) } }
  }

  private static let corners = [0, 1, 2].flatMap { column in [4, 5].map { row in [column * 256, row * 256] } }

  @Test(arguments: [
    "S1 [x=X,y=Y,w=256,h=256]", "S1 [d=4,x=X,y=Y,w=256,h=256]", "S1 [x=X, y=Y, w=256, h=256,z=0]",
    "S1_xX_yY", "S1-X=X-Y=Y", "x_X_y_Y", "S1 (X,Y)", "S1_(X_Y)", "S1_X_Y", "S1-X-Y", "S_01_X_Y", "S1_X_Y_256",
    "S1_X_Y_512_512", "X_Y",
  ])
  func `Names that people and programs give are read`(form: String) throws {
    let stems = names { x, y in
      // In `X=X` the first is a letter of the name.
      form.replacing("X=X", with: "X=\(x)").replacing("Y=Y", with: "Y=\(y)").replacing("xX", with: "x\(x)")
        .replacing("yY", with: "y\(y)").replacing("x=X", with: "x=\(x)").replacing("y=Y", with: "y=\(y)")
        .replacing("x_X", with: "x_\(x)").replacing("y_Y", with: "y_\(y)").replacing("(X", with: "(\(x)")
        .replacing(",Y", with: ",\(y)").replacing("_X_Y", with: "_\(x)_\(y)").replacing("-X-Y", with: "-\(x)-\(y)")
        .replacing("_Y)", with: "_\(y))").replacing("X_Y", with: "\(x)_\(y)")
    }
    let found = try #require(TileNamePlaces(stems), "\(stems)")
    #expect(found.places.map { [$0?.x ?? -1, $0?.y ?? -1] } == Self.corners, "\(stems)")
    let places = found.places.compactMap(\.self)
    #expect(!TileNamePlaces.areRowsAndColumns(places))
  }

  @Test func `QuPath's sides are kept, and what stands before the place is the slide`() throws {
    let found = try #require(TileNamePlaces(["A b [d=2.5,x=10,y=20,w=300,h=200]"]))
    #expect(found.style == .quPath && found.owners == ["A b"])
    #expect(found.places == [.init(x: 10, y: 20, sides: (300, 200))])
    let corners = try #require(TileNamePlaces(names { "S1_\($0)_\($1)_\($0 + 256)_\($1 + 256)" }))
    #expect(corners.places.first == .init(x: 0, y: 1024, sides: (256, 256)))
    #expect(Set(corners.owners) == ["S1"])
  }

  @Test func `Numbers that lie on no grid are no places`() {
    #expect(TileNamePlaces(["case_12_7", "case_12_9", "case_13_1000", "case_977_2"]) == nil)
    #expect(TileNamePlaces(["tile1", "tile2", "tile3"]) == nil)
    #expect(TileNamePlaces(["2021_03_01", "2021_03_01b", "other"]) == nil)
  }

  @Test func `Rows and columns are told from pixels`() throws {
    let stems = (0..<4).flatMap { row in (0..<5).map { "S1_\($0)_\(row)" } }
    let found = try #require(TileNamePlaces(stems))
    #expect(TileNamePlaces.areRowsAndColumns(found.places.compactMap(\.self)))
    let pixels = names { "S1_\($0)_\($1)" }
    #expect(!TileNamePlaces.areRowsAndColumns(try #require(TileNamePlaces(pixels)).places.compactMap(\.self)))
  }
}
