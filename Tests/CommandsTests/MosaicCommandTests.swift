import FeatureData
import Files
import Foundation
import Slides
import Testing

/// That each parameter of `mosaic` changes what it says.
@Suite struct MosaicCommandTests {
  private let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    // Slides S-4 and S-5 are blank in `grade`.
    var annotations = "patient,slide,HPV_status,site,age,grade\n"
    for slide in 0..<6 {
      annotations +=
        "P\(slide),S-\(slide),\(slide % 2 == 0 ? "positive" : "negative"),\(slide < 3 ? "A" : "B"),\(40 + slide),"
        + "\(slide < 4 ? "G\(slide % 2 + 1)" : "")\n"
    }
    try study.write("annotations.csv", annotations)
    study.open()
    let mapped = study.run("u = slide_map df n_neighbors=10")
    #expect(mapped.failure == nil, "\(mapped.failure ?? "")")
  }

  /// The table that is saved of a mosaic: a dictionary for each of its tiles.
  private func rows(_ statement: String) throws -> [[String: String]] {
    let path = study.folder + "/table-\(UUID().uuidString).csv"
    let shown = study.run("t = \(statement)\nsave t '\(path)'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    // Features call these otherwise.
    let header = try #require(lines.first).map { ["Slide": "slide", "Tile": "index"][$0] ?? $0 }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  private func picture(_ statement: String) throws -> RGBImage {
    let path = study.folder + "/picture-\(UUID().uuidString).png"
    let shown = study.run("p = \(statement)\nsave p '\(path)'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    return try TileImage.decode(Array(Data(contentsOf: URL(filePath: path))))
  }

  private func names(_ rows: [[String: String]]) -> Set<String> {
    Set(rows.map { "\($0["slide"] ?? ""):\($0["index"] ?? "")" })
  }

  // MARK: What stands where

  @Test func `num_tiles_x is the number of columns, and a saved table says which tile stands where`() throws {
    let rows = try rows("mosaic u num_tiles_x=7 outcomes=site")
    let columns = try rows.map { try #require(Int($0["column"] ?? "")) }
    #expect(columns.min() == 0 && columns.max() == 6)
    let map = try self.rows("u")
    let places = Dictionary(uniqueKeysWithValues: map.map { (["\($0["slide"]!):\($0["index"]!)"], $0) })
    for row in rows {
      let point = try #require(places[["\(row["slide"]!):\(row["index"]!)"]])
      for key in ["x", "y", "location_x", "location_y"] { #expect(row[key] == point[key]) }
      #expect(row["site"] == (row["slide"]! < "S-3" ? "A" : "B"))
    }
    #expect(rows.compactMap { Int($0["tiles"] ?? "") }.reduce(0, +) == 72)
    #expect(rows.count < 72)
  }

  @Test func `resolution is the size of a cell in the saved picture`() throws {
    for (resolution, side) in [("low", 32), ("medium", 96), ("high", 16)] {
      #expect(try picture("mosaic u num_tiles_x=5 resolution=\(resolution)").width == 5 * side)
    }
  }

  @Test func `tile_select chooses the nearest to the middle, the medoid of the activations, or the first`() throws {
    let map = try rows("u")
    let activations = try rows("df")
    let features = try #require(activations.first).keys.filter { $0.hasPrefix("Feature_") }
    var byName: [String: [Double]] = [:]
    for row in activations {
      byName["\(row["slide"]!):\(row["index"]!)"] = try features.map { try #require(Double(row[$0] ?? "")) }
    }
    let x = try map.map { try #require(Double($0["x"] ?? "")) }
    let y = try map.map { try #require(Double($0["y"] ?? "")) }
    let (left, bottom) = (try #require(x.min()), try #require(y.min()))
    let width = (try #require(x.max()) - left) / 9
    for method in ["nearest", "centroid", "first"] {
      let rows = try rows("mosaic u num_tiles_x=9 tile_select=\(method)")
      let rowCount = max(1, Int((try #require(y.max()) - bottom) / width * (1 + 1e-6)))
      let height = (try #require(y.max()) - bottom) / Double(rowCount)
      for row in rows {
        let (column, line) = (Int(row["column"]!)!, Int(row["row"]!)!)
        let members = map.indices.filter { point in
          min(Int((x[point] - left) / width), 8) == column
            && min(Int((y[point] - bottom) / height), rowCount - 1) == line
        }
        func distance(_ point: Int) -> Double {
          if method == "nearest" {
            return hypot(
              x[point] - left - (Double(column) + 0.5) * width, y[point] - bottom - (Double(line) + 0.5) * height)
          }
          if method == "first" { return Double(point) }
          let own = byName["\(map[point]["slide"]!):\(map[point]["index"]!)"]!
          let all = members.map { byName["\(map[$0]["slide"]!):\(map[$0]["index"]!)"]! }
          return features.indices.reduce(0) { sum, feature in
            let mean = all.reduce(0) { $0 + $1[feature] } / Double(all.count)
            return sum + (own[feature] - mean) * (own[feature] - mean)
          }
        }
        let shown = try #require(members.first { map[$0]["slide"] == row["slide"] && map[$0]["index"] == row["index"] })
        let least = try #require(members.map(distance).min())
        #expect(distance(shown) <= least * (1 + 1e-4) + 1e-9, "\(method) \(row)")
      }
    }
  }

  @Test func `max_dist leaves cells empty whose tile lies far from their middle, and says how many`() throws {
    let all = try rows("mosaic u num_tiles_x=12")
    let near = try rows("mosaic u num_tiles_x=12 max_dist=0.2")
    #expect(near.count < all.count && names(near).isSubset(of: names(all)))
    let shown = study.run("mosaic u num_tiles_x=12 max_dist=0.2")
    let count = all.count - near.count
    #expect(shown.text.contains("max_dist 0.2: \(count) cell"))
    #expect(try rows("mosaic u num_tiles_x=12 max_dist=2").count == all.count)
    let none = try #require(study.run("mosaic u num_tiles_x=1 max_dist=0.001").failure)
    #expect(none.contains("lies 0.001 cells or more from its middle") && none.contains("max_dist=0.8"))
  }

  @Test func `expanded fills empty cells, more of them with more leniency`() throws {
    let counts = try ["", " expanded=true leniency=1", " expanded=true", " expanded=true leniency=3"].map {
      try rows("mosaic u num_tiles_x=12" + $0).count
    }
    let none = study.run("mosaic u expanded=true leniency=0").failure ?? ""
    #expect(none.contains("With a leniency of 0 no tile reaches") && none.contains("leniency=1.5"))
    #expect(counts[0] < counts[3] && counts[1] <= counts[2] && counts[2] <= counts[3] && counts[1] < counts[3])
  }

  @Test func `layout=grid fills every cell, says which tiles stand there, and how many neighbours are kept`() throws {
    let rows = try rows("mosaic u layout=grid num_tiles_x=6")
    let cells = Set(rows.map { "\($0["column"]!) \($0["row"]!)" })
    let (columns, lines) = (rows.map { Int($0["column"]!)! }.max()! + 1, rows.map { Int($0["row"]!)! }.max()! + 1)
    #expect(
      columns == 6 && cells.count == rows.count && rows.count == columns * lines && names(rows).count == rows.count)
    let shown = study.run("mosaic u layout=grid num_tiles_x=6")
    #expect(shown.text.contains("Grid without empty cells: ") && shown.text.contains("layout=map "))
    #expect(study.run("mosaic u layout=grid expanded=true").failure?.contains("layout") == true)
    #expect(study.run("mosaic u layout=grid tile_select=first").failure?.contains("layout") == true)
    // All tiles but those that fill no row.
    let whole = try self.rows("mosaic u layout=grid")
    #expect(whole.count > 60 && whole.count <= 72)
    // Of each slide its share.
    let part = try self.rows("mosaic u layout=grid num_tiles_x=4")
    let bySlide = Dictionary(grouping: part) { $0["slide"]! }.mapValues(\.count)
    #expect(bySlide.count == 6 && bySlide.values.max()! - bySlide.values.min()! <= 1, "\(bySlide)")
  }

  // MARK: How tiles look

  @Test func `relative_size shrinks tiles of cells with few tiles, and the caption says what is smallest`() throws {
    let plain = try picture("mosaic u num_tiles_x=12 resolution=low")
    let relative = try picture("mosaic u num_tiles_x=12 resolution=low relative_size=true")
    func ground(_ image: RGBImage) -> Int {
      stride(from: 0, to: image.pixels.count, by: 3).count { Array(image.pixels[$0..<$0 + 3]) == [0xE9, 0xEB, 0xEE] }
    }
    #expect(ground(relative) > ground(plain))
    let rows = try rows("mosaic u num_tiles_x=12")
    let counts = rows.map { Int($0["tiles"]!)! }
    let most = counts.max()!
    let area = counts.reduce(0.0) { $0 + pow((32 * max((Double($1) / Double(most)).squareRoot(), 0.25)).rounded(), 2) }
    #expect(ground(relative) == relative.width * relative.height - Int(area))
    #expect(study.run("mosaic u num_tiles_x=12 relative_size=true").text.contains("of which there are up to \(most)"))
  }

  @Test func `focus fades the others by the share of their cell's tiles, and is said`() throws {
    let whole = try picture("mosaic u num_tiles_x=4 resolution=low background=white")
    let red = try picture("mosaic u num_tiles_x=4 resolution=low background=white focus=[S-0, S-2, S-4]")
    // Slides with even numbers are red, the others blue; which fade into white.
    func average(_ image: RGBImage, of test: (Int, Int) -> Bool) -> Double {
      var (sum, count) = (0, 0)
      for place in stride(from: 0, to: whole.pixels.count, by: 3)
      where test(Int(whole.pixels[place]), Int(whole.pixels[place + 2])) {
        sum += Int(image.pixels[place + 1])
        count += 1
      }
      return Double(sum) / Double(max(count, 1))
    }
    #expect(average(red) { $0 > $1 + 60 } < 120)
    #expect(average(red) { $1 > $0 + 60 } > average(whole) { $1 > $0 + 60 } + 60)
    #expect(
      study.run("mosaic u focus=[S-0]").text.contains("In full: tiles of S-0; the fewer of a cell's tiles are of these")
    )
    #expect(study.run("mosaic u focus=[S-9]").failure?.contains("S-9") == true)
    let absent = study.run("mosaic u focus=[S-5] filters={site: [A]}").failure ?? ""
    #expect(absent.contains("No tile of S-5 is on this mosaic."))
  }

  @Test func `background is a word or digits, and anything else is refused with what is known`() throws {
    for (text, pixel) in [("black", [0, 0, 0]), ("'#102030'", [16, 32, 48]), ("ffffff", [255, 255, 255])]
      as [(String, [UInt8])]
    {
      let image = try picture("mosaic u num_tiles_x=9 resolution=low background=\(text)")
      let pixels = Set(stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) })
      #expect(pixels.contains(pixel) && !pixels.contains([0xE9, 0xEB, 0xEE]), "\(text)")
    }
    let failure = try #require(study.run("mosaic u background=off").failure)
    #expect(failure.contains("\"off\" is no colour") && failure.contains("background=white"))
  }

  @Test func `normalizer changes the tiles that are shown, and only when it is asked for`() throws {
    let plain = try picture("mosaic u num_tiles_x=3 resolution=low")
    let normal = try picture("mosaic u num_tiles_x=3 resolution=low normalizer=reinhard_fast")
    let other = try picture("mosaic u num_tiles_x=3 resolution=low normalizer=reinhard_fast normalizer_source=S-1:0")
    let none = try picture("mosaic u num_tiles_x=3 resolution=low normalizer=none")
    #expect(plain != normal && normal != other && plain == none)
    #expect(
      study.run("mosaic u normalizer=reinhard_fast").text.contains(
        "The tiles shown are normalised: reinhard_fast, standard v3."))
    let model = try #require(study.run("mosaic u normalizer=model").failure)
    #expect(model.contains("was trained without a stain normalisation"))
    #expect(study.run("mosaic u normalizer_source=v1").failure?.contains("normalizer") == true)
  }

  // MARK: Predictions and labels

  @Test func `show_prediction frames tiles by the probability of an outcome, the first included`() throws {
    let logits = try rows("df")
    let probabilities = Dictionary(
      uniqueKeysWithValues: try logits.map { row -> (String, [Double]) in
        let outputs = ["Logit_0", "Logit_1"]
        let powers = try outputs.map { exp(try #require(Double(row[$0] ?? ""))) }
        return ("\(row["slide"]!):\(row["index"]!)", powers.map { $0 / powers.reduce(0, +) })
      })
    for index in [0, 1] {
      let rows = try rows("mosaic u num_tiles_x=5 show_prediction=\(index)")
      let column = try #require(rows.first?.keys.first { $0.hasPrefix("probability of ") })
      for row in rows {
        let expected = try #require(probabilities["\(row["slide"]!):\(row["index"]!)"])[index]
        #expect(abs(try #require(Double(row[column] ?? "")) - expected) < 1e-4)
      }
    }
    // The bar's colours differ, so do frames.
    #expect(
      try picture("mosaic u num_tiles_x=5 resolution=low show_prediction=0")
        != picture("mosaic u num_tiles_x=5 resolution=low show_prediction=1"))
    #expect(study.run("mosaic u show_prediction=nonsense").failure != nil)
    #expect(study.run("mosaic u show_prediction=0 outcomes=site").failure != nil)
    #expect(study.run("mosaic df n_neighbors=10 show_prediction=0").failure == nil)
  }

  @Test func `show_prediction=true frames tiles by the class that is predicted, restrict_pred chooses among which`()
    throws
  {
    let all = try rows("mosaic u num_tiles_x=6 show_prediction=true")
    #expect(all.first?["prediction"] != nil)
    let restricted = try rows("mosaic u num_tiles_x=6 show_prediction=true restrict_pred=[0]")
    let column = try #require(restricted.first?.keys.first { $0.hasPrefix("prediction among ") })
    #expect(Set(restricted.map { $0[column] }).count == 1 && column == "prediction among \(restricted[0][column]!)")
    let certain = try rows("mosaic u num_tiles_x=6 show_prediction=0 restrict_pred=[0]")
    let probability = try #require(certain.first?.keys.first { $0.hasPrefix("probability of ") })
    #expect(certain.allSatisfy { Double($0[probability] ?? "") == 1 })
    let alone = study.run("mosaic u restrict_pred=[0]").failure ?? ""
    #expect(alone.contains("show_prediction"))
    let none = study.run("mosaic u show_prediction=false").failure
    #expect(none == nil)
  }

  @Test func `use_float frames tiles by numbers with a scale, and without it by categories`() throws {
    let numbers = try rows("mosaic u num_tiles_x=5 outcomes=age use_float=true")
    for row in numbers { #expect(Double(row["age"]!) == 40 + Double(row["slide"]!.suffix(1))!) }
    #expect(
      try picture("mosaic u num_tiles_x=5 resolution=low outcomes=age use_float=true")
        != picture("mosaic u num_tiles_x=5 resolution=low outcomes=age use_float=false"))
  }

  // MARK: Which tiles are mapped

  @Test func `filters and filter_blank choose the slides that are mapped, or shown`() throws {
    #expect(Set(try rows("mosaic df n_neighbors=5 filters={site: [A]}").map { $0["slide"]! }) == ["S-0", "S-1", "S-2"])
    #expect(Set(try rows("mosaic u num_tiles_x=30 filters={site: [A]}").map { $0["slide"]! }) == ["S-0", "S-1", "S-2"])
    let slides = Set(try rows("mosaic df n_neighbors=5 num_tiles_x=30 filter_blank=[grade]").map { $0["slide"]! })
    #expect(slides == ["S-0", "S-1", "S-2", "S-3"])
  }

  @Test func `max_tiles, map_slide and predict_on_axes change what is laid out`() throws {
    let few = try rows("mosaic df n_neighbors=5 max_tiles=2 num_tiles_x=40")
    #expect(few.count <= 12 && few.allSatisfy { Int($0["index"]!)! < 2 })
    for kind in ["centroid", "average"] {
      let slides = try rows("mosaic df n_neighbors=3 map_slide=\(kind) num_tiles_x=40")
      #expect(slides.compactMap { Int($0["tiles"]!) }.reduce(0, +) == 6)
    }
    let predicted = study.run("mosaic df predict_on_axes=[0, 1]")
    #expect(predicted.text.contains("72 tiles by predicted probability."))
    let places = try rows("mosaic df predict_on_axes=[0, 1] num_tiles_x=20")
    for row in places { #expect(abs(Double(row["x"]!)! + Double(row["y"]!)! - 1) < 1e-4) }
  }

  @Test func `umap_cache keeps the map under a mosaic, and low_memory gives the same one`() throws {
    let path = study.folder + "/kept.h5"
    let first = try rows("mosaic df n_neighbors=8 umap_cache='\(path)'")
    #expect(FileManager.default.fileExists(atPath: path))
    for map in FileManager.default.subpaths(atPath: study.folder) ?? []
    where map.contains("/maps/") && map.hasSuffix(".h5") {
      try FileManager.default.removeItem(atPath: study.folder + "/" + map)
    }
    #expect(try rows("mosaic df n_neighbors=8 low_memory=true") == first)
    #expect(study.run("mosaic df n_neighbors=9 umap_cache='\(path)'").failure?.contains("kept.h5") == true)
  }

  // MARK: Pages

  @Test func `a page has every tile with its place and label, and opens from the disk alone`() throws {
    let path = study.folder + "/m.html"
    let shown = study.run("m = mosaic u num_tiles_x=8 outcomes=site title='A <b>title</b>'\nsave m '\(path)'")
    #expect(shown.failure == nil && shown.text.contains("Saved \(path), "), "\(shown.failure ?? "")")
    let html = try String(contentsOfFile: path, encoding: .utf8)
    let json = try #require(
      html.components(separatedBy: #"id="content">"#).last?.components(separatedBy: "</script>").first)
    let page = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let rows = try rows("m")
    #expect(page["title"] as? String == "A <b>title</b>" && (page["column"] as? [Int])?.count == rows.count)
    #expect((page["label"] as? [String]) == rows.map { $0["site"]! })
    #expect((page["index"] as? [Int]) == rows.map { Int($0["index"]!)! })
    #expect((page["x"] as? [Int]) == rows.map { Int($0["location_x"]!)! })
    #expect((page["statement"] as? String)?.hasPrefix("m = mosaic u") == true)
    #expect((page["caption"] as? [String])?.contains { $0.contains("UMAP of 72 tiles") } == true)
    let blocks = try #require(page["blocks"] as? [String])
    for block in blocks {
      let picture = try #require(
        html.components(separatedBy: "id=\"block-\(block)\">").last?.components(separatedBy: "<").first)
      #expect(try TileImage.decode(Array(try #require(Data(base64Encoded: picture)))).width > 0)
    }
    let again = study.folder + "/again.html"
    study.run("save m '\(again)'")
    #expect(try String(contentsOfFile: again, encoding: .utf8) == html)
    #expect(study.run("save m '\(path)' theme=dark").failure?.contains("theme") == true)
  }
}
