import CommandLanguage
import FeatureData
import Files
import Foundation
import Slides
import Testing

@Suite("A live view of a map")
struct ExploreCommandTests {
  let study: SmallStudy
  let view: AskedView

  init() throws {
    study = try SmallStudy()
    study.open()
    study.run("u = slide_map df n_neighbors=5")
    view = try study.view("e = explore u")
  }

  /// Even-odd, by crossings of a ray to the right.
  private func isInside(_ polygon: [Double], _ x: Double, _ y: Double) -> Bool {
    let corners = stride(from: 0, to: polygon.count, by: 2).map { (polygon[$0], polygon[$0 + 1]) }
    var inside = false
    for (index, a) in corners.enumerated() {
      let b = corners[(index + 1) % corners.count]
      if (a.1 > y) != (b.1 > y), x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0 { inside.toggle() }
    }
    return inside
  }

  private func decoded(_ jpeg: [UInt8]) throws -> RGBImage {
    try jpeg.withUnsafeBytes { try TileDecoder().decode($0) }
  }

  private func text(_ polygon: [Double]) -> String { polygon.map(\.description).joined(separator: ",") }

  private func inside(_ polygon: [Double]) throws -> Set<Int> {
    let opened = try view.ask(#"{"do":"open"}"#)
    let (x, y) = (opened.floats(0), opened.floats(1))
    return Set(x.indices.filter { isInside(polygon, Double(x[$0]), Double(y[$0])) })
  }

  /// A concave one around part of the map.
  private let polygon = [0.1031, 0.05, 0.71, 0.1, 0.45, 0.4, 0.8, 0.93, 0.05, 0.9]

  @Test("A front end without live views has the picture, and a view is a value that gives its map")
  func still() throws {
    let shown = study.run("explore u by=site")
    #expect(shown.outputs.count == 1 && shown.outputs[0].picture != nil)
    #expect(shown.text.contains("Map of 72 tiles by site"), "\(shown.text)")
    #expect(view.still.picture != nil && view.view.title.contains("72 tiles"))
    #expect(study.run("label e by=site").failure == nil)
    #expect(study.run("e").outputs.first?.picture != nil)
  }

  @Test("The page is told the points, their slides and what they can be coloured by")
  func opening() throws {
    study.run("c = cluster df k=2\ns1 = select u slide=S-1\nl = labels site")
    let opened = try view.ask(#"{"do":"open"}"#)
    #expect(opened["count"] == .integer(72) && opened["subject"] == .string("u") && opened["name"] == .string("s2"))
    #expect(opened.buffers.map(\.count) == [288, 288, 144])
    let table = study.run("save u '\(study.folder)/map.csv'")
    #expect(table.failure == nil)
    let rows = try String(contentsOfFile: study.folder + "/map.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst()
      .map { $0.split(separator: ",") }
    #expect(rows.map { Float($0[2]) } == opened.floats(0).map { $0 })
    guard case .array(let slides)? = opened["slides"], case .array(let menu)? = opened["colourings"] else {
      Issue.record("no lists")
      return
    }
    #expect(slides.count == 6 && slides[2]["name"] == .string("S-2") && slides[2]["count"] == .integer(12))
    #expect(slides[2]["picture"] == .string("lattice"))
    let keys = menu.compactMap { $0["key"]?.text }
    #expect(
      Set(["slide", "HPV_status", "site", "age", "prediction", "uncertainty", "feature:", "c", "s1", "l"]).isSubset(
        of: keys))
    #expect(Set(keys).count == keys.count)
    for key in keys where key != "feature:" {
      let colours = try view.ask(#"{"do":"colour","by":"\#(key)"}"#)
      #expect(colours.buffers[0].count == 72, "\(key)")
    }
  }

  @Test("Colours are those of label: classes by number with their counts, numbers along a ramp")
  func colours() throws {
    let site = try view.ask(#"{"do":"colour","by":"site"}"#)
    guard case .array(let classes)? = site["classes"] else { throw AskedView.Refusal(sentence: "no classes") }
    #expect(classes.map { $0["name"]?.text } == ["A", "B"] && classes.allSatisfy { $0["count"] == .integer(36) })
    #expect(classes[0]["light"]?.text?.count == 7 && classes[0]["light"] != classes[1]["light"])
    #expect(site.buffers[0].count { $0 == 0 } == 36)
    let age = try view.ask(#"{"do":"colour","by":"age"}"#)
    #expect(age["kind"] == .string("values") || age["kind"] == .string("classes"))
    let feature = try view.ask(#"{"do":"colour","by":"feature:1"}"#)
    #expect(feature["kind"] == .string("values") && feature["title"] == .string("activation of feature 1"))
    #expect(feature.buffers[0].max() == 254 && feature.buffers[0].min() == 0)
    let missing = try view.refusal(#"{"do":"colour","by":"feature:99999"}"#)
    #expect(missing.contains("numbered 0 to "), "\(missing)")
    #expect(try view.refusal(#"{"do":"colour","by":"nothing"}"#).contains("nothing"))
  }

  @Test("A tile is told with its slide, its number as statements have it, its place and its labels")
  func tile() throws {
    let answer = try view.ask(#"{"do":"tile","point":13,"side":64,"by":"site"}"#)
    #expect(answer["slide"] == .string("S-1") && answer["tile"] == .integer(1))
    #expect(answer["place"] == .array([.integer(24), .integer(8)]))
    #expect(try decoded(answer.buffers[0]).width == 16)
    guard case .array(let lines)? = answer["lines"] else { throw AskedView.Refusal(sentence: "no lines") }
    #expect(lines.contains(.array([.string("HPV_status"), .string("negative")])))
    #expect(lines.contains(.array([.string("site"), .string("A")])))
    let several = try view.ask(#"{"do":"tiles","points":[0,71],"side":32}"#)
    #expect(several.buffers.count == 2)
    let near = try view.ask(#"{"do":"near","point":3,"count":4}"#)
    let selected = study.run("near = select df near=S-0:3 n=4\nsave near '\(study.folder)/near.csv'")
    #expect(selected.failure == nil)
    let rows = try String(contentsOfFile: study.folder + "/near.csv", encoding: .utf8).split(
      whereSeparator: \.isNewline
    ).dropFirst()
      .map { $0.split(separator: ",") }
    let expected = Set(
      rows.compactMap { row in Int(row[0].dropFirst(2)).flatMap { slide in Int(row[1]).map { slide * 12 + $0 } } })
    guard case .array(let points)? = near["points"] else { throw AskedView.Refusal(sentence: "no points") }
    let found = points.compactMap { point in if case .integer(let number) = point { number } else { nil } }
    #expect(found.count == 4 && Set(found + [3]) == expected)
  }

  @Test("What is lassoed is what lies inside, and the statement that is shown selects the same tiles when it is run")
  func lasso() throws {
    let expected = try inside(polygon)
    #expect(expected.count > 5 && expected.count < 72)
    let steps = #"[{"mode":"new","on":"map","polygon":[\#(text(polygon))]}]"#
    let answer = try view.ask(#"{"do":"select","steps":\#(steps),"name":"s1"}"#)
    #expect(answer.points() == expected && answer["count"] == .integer(expected.count))
    let statement = try #require(answer["statement"]?.text)
    #expect(statement == "s1 = select u polygon=[0.1031, 0.05, 0.71, 0.1, 0.45, 0.4, 0.8, 0.93, 0.05, 0.9]")
    let kept = try view.ask(#"{"do":"keep","steps":\#(steps),"name":"s1"}"#)
    #expect(kept["statement"]?.text == statement && kept["next"] == .string("s2"))
    #expect(study.run("s1").text.contains("\(expected.count) tiles of 72 selected"))
    #expect(
      study.run(statement.replacing("s1 =", with: "again =")).text.contains("\(expected.count) tiles of 72 selected"))
    #expect(try view.refusal(#"{"do":"keep","steps":\#(steps),"name":"s1"}"#).contains("s1"))
    #expect(try view.refusal(#"{"do":"keep","steps":\#(steps),"name":"no name"}"#) != "")
    #expect(try view.refusal(#"{"do":"keep","steps":\#(steps),"name":"mosaic"}"#).contains("mosaic"))
    #expect(try view.refusal(#"{"do":"keep","steps":\#(steps),"name":"a = demo x\nb"}"#) != "")
    #expect(try view.ask(#"{"do":"open"}"#)["name"] == .string("s2"))
    let journal = try String(contentsOfFile: study.folder + "/tessera/journal.jsonl", encoding: .utf8)
    #expect(journal.contains("select u polygon"))
  }

  @Test("Steps add and take away, within a class too, on slides and point by point; their statements do the same")
  func steps() throws {
    let whole = "-1,-1,2,-1,2,2,-1,2"
    let cases: [(steps: String, expected: Set<Int>)] = [
      (
        #"{"mode":"new","on":"map","polygon":[\#(whole)],"within":{"by":"site","class":"A"}},{"mode":"subtract","on":0,"polygon":[0,0,1000,0,1000,1000,0,1000]}"#,
        Set(12..<36)
      ),
      (
        #"{"mode":"new","on":2,"polygon":[0,0,39,0,39,16,0,16]},{"mode":"add","point":70},{"mode":"subtract","point":24}"#,
        [25, 70]
      ),
      (
        #"{"mode":"new","on":"map","polygon":[\#(whole)],"within":{"by":"prediction","class":"0"}},{"mode":"add","on":"map","polygon":[\#(whole)],"within":{"by":"prediction","class":"1"}}"#,
        Set(0..<72)
      ),
      (#"{"mode":"new","point":5},{"mode":"add","point":5},{"mode":"add","point":17}"#, [5, 17]),
    ]
    for (number, item) in cases.enumerated() {
      let steps = "[\(item.steps)]"
      let answer: AskedView.Answer
      do { answer = try view.ask(#"{"do":"select","steps":\#(steps),"name":"k\#(number)"}"#) } catch {
        // Where nothing is predicted as one of the classes there is nothing to select.
        #expect(number == 2)
        continue
      }
      #expect(answer.points() == item.expected, "\(number)")
      let statement = try #require(answer["statement"]?.text)
      let ran = study.run(statement)
      #expect(ran.failure == nil, "\(statement)\n\(ran.failure ?? "")")
      let again = try study.view("explore k\(number) map=u").ask(#"{"do":"open"}"#)
      #expect(again.points(3) == item.expected, "\(statement)")
    }
  }

  @Test("A region of a slide selects the tiles whose centres lie in it")
  func onSlide() throws {
    let scene = try view.ask(#"{"do":"slide","slide":3}"#)
    #expect(scene["width"] == .integer(192) && scene["side"] == .integer(16) && scene["picture"] == .string("lattice"))
    #expect(scene.integers(0) == Array(36..<48) && scene.integers(1) == (0..<12).map { $0 * 16 })
    let answer = try view.ask(
      #"{"do":"select","name":"s1","steps":[{"mode":"new","on":3,"polygon":[30,-5,30,60,100.5,60,100.5,-5]}]}"#)
    // Centres are at 8, 24, 40, …
    #expect(answer.points() == Set([38, 39, 40, 41]))
    #expect(answer["statement"]?.text == "s1 = select u slide=S-3 slide_polygon=[30, -5, 30, 60, 100.5, 60, 100.5, -5]")
    guard case .array(let levels)? = scene["levels"] else { throw AskedView.Refusal(sentence: "no levels") }
    #expect(levels.count == 1)
    let pieces = try view.ask(#"{"do":"pieces","slide":3,"pieces":[[0,0,0],[0,5,0]]}"#)
    #expect(pieces["has"] == .array([.bool(true), .bool(false)]))
    let picture = try decoded(pieces.buffers[0])
    #expect(picture.width == 192 && picture.height == 16)
    // Slides of odd numbers are blue.
    #expect(picture.pixels[2] > picture.pixels[0] + 60)
    #expect(try view.ask(#"{"do":"thumbs","slides":[0,1],"side":64}"#).buffers.count == 2)
  }

  @Test("The features that set a selection apart are those of stats")
  func apart() throws {
    let steps = #"[{"mode":"new","on":"map","polygon":[-1,-1,2,-1,2,2,-1,2],"within":{"by":"site","class":"A"}}]"#
    let answer = try view.ask(#"{"do":"apart","steps":\#(steps)}"#)
    guard case .array(let rows)? = answer["rows"] else { throw AskedView.Refusal(sentence: "no rows") }
    study.run("a = select u by={site: A}")
    let table = study.run("stats df between=a").outputs[0].text
    let first = try #require(rows.first?["feature"]?.text)
    let line = try #require(table.split(separator: "\n").first { $0.firstMatch(of: #/^ *[0-9]+ /#) != nil }, "\(table)")
    #expect(line.split(separator: " ").first.map(String.init) == first)
    #expect(["higher", "lower"].contains(rows[0]["direction"]?.text))
  }

  @Test("Clusters and selections are shown on their map, and on another that is named")
  func others() throws {
    study.run("c = cluster u k=2\nd = cluster df k=2\ns1 = select u slide=S-1\ns2 = select df slide=S-2")
    let clusters = try study.view("explore c").ask(#"{"do":"open"}"#)
    #expect(clusters["colouring"] == .string("c") && clusters["subject"] == .string("u"))
    let selection = try study.view("explore s1").ask(#"{"do":"open"}"#)
    #expect(selection["subject"] == .string("u") && selection.points(3) == Set(12..<24))
    let given = try study.view("explore s1").ask(
      #"{"do":"select","name":"g","steps":[{"mode":"new","on":"given"},{"mode":"subtract","point":12}]}"#)
    #expect(given.points() == Set(13..<24))
    let statement = try #require(given["statement"]?.text)
    let ran = study.run(statement)
    #expect(ran.failure == nil, "\(statement) \(ran.failure ?? "")")
    let failure = try #require(study.run("explore s2").failure)
    #expect(failure.contains("The selection was not made on a map"), "\(failure)")
    #expect(try study.view("explore s2 map=u").ask(#"{"do":"open"}"#).points(3) == Set(24..<36))
    study.run("m = mosaic u")
    let mosaic = try study.view("explore m")
    #expect(try mosaic.ask(#"{"do":"open"}"#)["subject"] == .string("m"))
    #expect(try mosaic.ask(#"{"do":"keep","steps":[{"mode":"new","point":1}],"name":"k"}"#)["name"] == .string("k"))
  }

  @Test("A map that is gone or another one is not selected from, and no statement is offered that would")
  func otherMap() throws {
    let keep = #"{"do":"keep","steps":[{"mode":"new","point":1}],"name":"k"}"#
    let select = keep.replacing("keep", with: "select")
    study.run("u = slide_map df n_neighbors=7")
    #expect(try view.refusal(keep).contains("u is another map now"))
    let answer = try view.ask(select)
    #expect(answer["statement"] == .null && answer["note"]?.text?.contains("u is another map now") == true)
    study.run("drop u")
    #expect(try view.refusal(keep).contains("There is no u any more"))
    #expect(try view.ask(select).points() == [1])
  }

  @Test("A selection that a view began with is kept by its name, on a map that is named too, unless it is another now")
  func given() throws {
    study.run("s1 = select df slide=S-2")
    let view = try study.view("explore s1 map=u")
    let steps = #"[{"mode":"new","on":"given"},{"mode":"add","point":0}]"#
    let answer = try view.ask(#"{"do":"select","name":"g","steps":\#(steps)}"#)
    #expect(answer["statement"]?.text == "g_1 = select u and=[s1]\ng = select u slide=S-0 tiles=[0] or=g_1")
    #expect(try view.ask(#"{"do":"keep","name":"g","steps":\#(steps)}"#)["name"] == .string("g"))
    #expect(study.run("g").text.contains("13 tiles of 72 selected"))
    study.run("s1 = select df slide=S-3")
    #expect(try view.refusal(#"{"do":"keep","name":"h","steps":\#(steps)}"#).contains("s1 is another selection now"))
  }

  @Test("A class is that of the column, whatever else has its name, and as it is written")
  func classes() throws {
    let study = try SmallStudy()
    let grades = ["1", "01", "<1%", ">=50", "!A", "1...5"]
    try study.write(
      "annotations.csv",
      "patient,slide,prediction,grade,site\n"
        + (0..<6).map { "P\($0),S-\($0),\($0 < 2 ? "yes" : "no"),\(grades[$0]),\($0 < 3 ? "A" : "B")\n" }.joined())
    study.run("project '\(study.folder)'\ndf = features models/small.onnx\nu = slide_map df n_neighbors=5")
    study.run("d = dataset tile_px=16 tile_um=16\nl = labels grade\nsite = select df slide=S-5")
    let view = try study.view("explore u by=l")
    let opened = try view.ask(#"{"do":"open"}"#)
    #expect(opened["colouring"] == .string("l"))
    guard case .array(let menu)? = opened["colourings"] else { throw AskedView.Refusal(sentence: "no menu") }
    let keys = menu.compactMap { $0["key"]?.text }
    #expect(Set(keys).count == keys.count && keys.contains("predictions:prediction") && keys.contains("session:site"))
    let all = "[-1,-1,2,-1,2,2,-1,2]"
    var cases: [(by: String, name: String, expected: Set<Int>)] = [
      ("prediction", "yes", Set(0..<24)), ("site", "A", Set(0..<36)), ("session:site", "site", Set(60..<72)),
      ("l", "<1%", Set(24..<36)),
    ]
    // Numbers that are equal are one, as in a statement.
    cases += [("grade", "1", Set(0..<24)), ("grade", "<1%", Set(24..<36)), ("grade", ">=50", Set(36..<48))]
    cases += [("grade", "!A", Set(48..<60)), ("grade", "1...5", Set(60..<72))]
    for (number, item) in cases.enumerated() {
      let answer = try view.ask(
        #"{"do":"select","name":"k\#(number)","steps":[{"mode":"new","on":"map","polygon":\#(all),"within":{"by":"\#(item.by)","class":"\#(item.name)"}}]}"#
      )
      #expect(answer.points() == item.expected, "\(item)")
      let statement = try #require(answer["statement"]?.text, "\(item) \(answer["note"] ?? .null)")
      let ran = study.run(statement)
      #expect(ran.failure == nil, "\(statement)\n\(ran.failure ?? "")")
      #expect(ran.text.contains("\(item.expected.count) tiles of 72 selected"), "\(statement)\n\(ran.text)")
    }
  }

  @Test("On a map of slides points are counted, and no class of tiles is selected")
  func slides() throws {
    study.run("v = slide_map df map_slide=average n_neighbors=3")
    let view = try study.view("explore v by=prediction")
    let answer = try view.ask(
      #"{"do":"select","name":"s1","steps":[{"mode":"new","point":2},{"mode":"add","point":4}]}"#)
    #expect(answer.points() == [2, 4] && answer["count"] == .integer(2) && answer["total"] == .integer(6))
    #expect(study.run(try #require(answer["statement"]?.text)).text.contains("24 tiles of 72 selected"))
    #expect(
      try view.refusal(
        #"{"do":"select","name":"q","steps":[{"mode":"new","on":"map","polygon":[-9,-9,9,-9,9,9,-9,9],"within":{"by":"prediction","class":"0"}}]}"#
      ).contains("stands for all tiles of its slide"))
  }

  @Test("A map without a name is made again by the statement that is shown")
  func unnamed() throws {
    let study = try SmallStudy()
    study.open()
    study.run("slide_map df n_neighbors=5")
    let view = try study.view("explore")
    let steps = #"[{"mode":"new","on":"map","polygon":[0,0,0.5,0,0.5,1,0,1]}]"#
    let answer = try view.ask(#"{"do":"select","steps":\#(steps),"name":"s1"}"#)
    let statement = try #require(answer["statement"]?.text)
    #expect(statement.hasPrefix("map = slide_map df n_neighbors=5\ns1 = select map polygon="))
    #expect(try view.ask(#"{"do":"keep","steps":\#(steps),"name":"s1"}"#)["name"] == .string("s1"))
    #expect(study.run("s1").text.contains("\(answer.points().count) tiles of 72 selected"))
  }

  @Test("Names that look like statements or markup stay names")
  func nastyNames() throws {
    let study = try SmallStudy()
    try study.write(
      "annotations.csv",
      "patient,slide,a b:c\n"
        + (0..<6).map { "P\($0),S-\($0),\($0 < 3 ? "\"<b>x</b> \"\"y\"\", [1]\"" : "n = drop u")\n" }.joined())
    study.run("project '\(study.folder)'\ndf = features models/small.onnx\nu = slide_map df n_neighbors=5")
    let view = try study.view("explore u")
    for (name, expected) in [("<b>x</b> \\\"y\\\", [1]", Set(0..<36)), ("n = drop u", Set(36..<72))] {
      let answer = try view.ask(
        #"{"do":"select","name":"s1","steps":[{"mode":"new","on":"map","polygon":[-1,-1,2,-1,2,2,-1,2],"within":{"by":"a b:c","class":"\#(name)"}}]}"#
      )
      #expect(answer.points() == expected)
      let statement = try #require(answer["statement"]?.text)
      #expect(study.run(statement).text.contains("36 tiles of 72 selected"), "\(statement)")
      study.run("drop s1")
    }
  }

  @Test("A view is saved as a page with its points, colours and pictures, or as its picture")
  func saved() throws {
    let shown = study.run("save e '\(study.folder)/e.html'")
    #expect(
      shown.failure == nil && shown.text.contains("It has a picture of each of 72 tiles."),
      "\(shown.failure ?? shown.text)")
    let page = try String(contentsOfFile: study.folder + "/e.html", encoding: .utf8)
    let start = try #require(page.range(of: "id=\"data\">")),
      end = try #require(page.range(of: "</script>\n<script type=\"module\">"))
    let data = try JSONValue(parsing: Array(page[start.upperBound..<end.lowerBound].utf8))
    #expect(data["open"]?["isFrozen"] == .bool(true) && data["open"]?["count"] == .integer(72))
    #expect(data["colours"]?["site"]?["kind"] == .string("classes"))
    #expect(Data(base64Encoded: data["x"]?.text ?? "")?.count == 288)
    #expect(study.run("save e '\(study.folder)/e.png'").failure == nil)
    #expect(try #require(study.run("save e '\(study.folder)/e.csv'").failure).contains("html"))
    study.run("f = explore u tile_mb=0")
    #expect(study.run("save f '\(study.folder)/f.html'").text.contains("It has no pictures of tiles."))
  }

  @Test("Whatever a page asks is answered once, or refused in words")
  func hostile() throws {
    let good = [
      #"{"do":"open"}"#, #"{"do":"colour","by":"site"}"#, #"{"do":"tile","point":3,"side":64,"by":null}"#,
      #"{"do":"tiles","points":[1,2],"side":32}"#, #"{"do":"near","point":2,"count":3}"#,
      #"{"do":"select","name":"q","steps":[{"mode":"new","on":"map","polygon":[0,0,1,0,1,1]},{"mode":"add","point":3}]}"#,
      #"{"do":"slide","slide":1}"#, #"{"do":"pieces","slide":1,"pieces":[[0,0,0]]}"#,
      #"{"do":"thumbs","slides":[1],"side":32}"#,
    ]
    let scraps = [
      "-1", "1e308", "99999999999999999999", "null", "[]", "{}", "\"\"", "true", "[[0,0]]", "\"new\"", "-0.0",
      "4294967296",
      "\"given\"", "\"\\u0000\"", "1e400",
    ]
    var generator = SplitMix64(seed: 11)
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = Array(good[Int(generator.next() % UInt64(good.count))].utf8)
      for _ in 0...Int(generator.next() % 3) {
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next() % 95 + 32)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: Array(scraps[Int(generator.next() % UInt64(scraps.count))].utf8), at: place)
        default:
          let numbers = bytes.indices.filter { (48...57).contains(bytes[$0]) }
          guard let digit = numbers.randomElement(using: &generator) else { continue }
          bytes.replaceSubrange(digit...digit, with: Array(scraps[Int(generator.next() % UInt64(scraps.count))].utf8))
        }
        if bytes.isEmpty { bytes = [32] }
      }
      let question = AskedQuestion(json: String(decoding: bytes, as: UTF8.self))
      view.view.hear(question)
      do { _ = try question.wait() } catch let refusal as AskedView.Refusal {
        refused += 1
        #expect(refusal.sentence != "no answer" && !refusal.sentence.isEmpty, "\(question.json)")
      }
      #expect(question.answerCount == 1)
    }
    #expect(refused > 5_000)
    let strokes = (0..<201).map { #"{"mode":"\#($0 == 0 ? "new" : "add")","point":1}"# }.joined(separator: ",")
    #expect(try view.refusal(#"{"do":"select","name":"q","steps":[\#(strokes)]}"#).contains("at most 200 steps"))
    let many = "[" + (0..<5000).map { _ in "0.5" }.joined(separator: ",") + "]"
    #expect(
      try view.refusal(#"{"do":"select","name":"q","steps":[{"mode":"new","on":"map","polygon":\#(many)}]}"#) != "")
    #expect(
      try view.refusal(#"{"do":"tiles","points":[\#((0..<65).map { "\($0 % 72)" }.joined(separator: ","))],"side":32}"#)
        != "")
  }
}
