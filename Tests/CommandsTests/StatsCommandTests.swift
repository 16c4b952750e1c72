import CommandLanguage
import FeatureData
import Foundation
import Testing

/// Features from a table, of a project of slides without tiles.
@Suite struct StatsCommandTests {
  private final class Cohort: SessionStudy {
    let study: SmallStudy
    var folder: String { study.folder }
    var language: CommandInterpreter { study.language }

    /// - Parameters:
    ///   - slides: rows of the annotations, patient and slide first.
    ///   - tiles: of each slide: its features in each tile.
    init(_ columns: String, _ slides: [String], _ tiles: (_ slide: Int) -> [[Double]]) throws {
      study = try SmallStudy()
      let folder = study.folder + "/cohort"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try study.write("cohort/a.csv", "patient,slide,\(columns)\n" + slides.map { $0 + "\n" }.joined())
      let width = tiles(0)[0].count
      var table = "slide,loc_x,loc_y," + (0..<width).map { "feature_\($0)" }.joined(separator: ",") + "\n"
      for (place, slide) in slides.enumerated() {
        let name = slide.split(separator: ",", omittingEmptySubsequences: false)[1]
        for (tile, row) in tiles(place).enumerated() {
          table += "\(name),\(100 * tile),0,\(row.map { "\(Float($0))" }.joined(separator: ","))\n"
        }
      }
      try study.write("cohort/f.csv", table)
      let shown = run(
        "project '\(folder)/p' create=true annotations='\(folder)/a.csv';\nf = import_features '\(folder)/f.csv';")
      #expect(shown.failure == nil, "\(shown.failure ?? "")")
    }

    /// A row a feature of a CSV file in `out`.
    func rows(_ name: String = "statistics.csv") throws -> [[String: String]] {
      let lines = try String(contentsOfFile: folder + "/out/" + name, encoding: .utf8).split(separator: "\r\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }
  }

  /// Six patients, two slides each, 100 tiles a slide, in two groups that differ by little beside what patients do.
  private static func sixPatients(_ columns: String = "group,site,age") throws -> Cohort {
    let slides = (0..<12).map { slide in
      "P\(slide / 2),S\(slide),\(slide < 6 ? "no" : "yes"),\(slide / 2 % 2 == 0 ? "A" : "B"),\(40 + slide / 2 * 3).5"
    }
    return try Cohort(columns, slides) { slide in
      var generator = SplitMix64(seed: UInt64(slide / 2))
      let patient = generator.nextNormal() + (slide < 6 ? 0 : 1.5)
      var tile = SplitMix64(seed: 100 + UInt64(slide))
      return (0..<100).map { _ in [patient + 0.3 * tile.nextNormal(), tile.nextNormal(), 1] }
    }
  }

  @Test func `patients count once where they have several slides, and slides only where it is asked`() throws {
    let cohort = try Self.sixPatients()
    let patients = cohort.run("stats f outcomes=group outdir='\(cohort.folder)/out'")
    #expect(
      patients.text.contains("by group: no (3), yes (3), on f; over 6 patients with 12 slides"), "\(patients.text)")
    #expect(patients.text.contains("patient p") && !patients.text.contains("slide p"))
    #expect(try cohort.rows()[0]["units"] == "6" && cohort.rows()[0]["n no"] == "3")
    // Slides and their analysis of variance, as the reference has it.
    let summary = try String(contentsOfFile: cohort.folder + "/out/slide_level_summary.csv", encoding: .utf8)
    #expect(summary.split(separator: "\r\n").count == 1 + 12 + 4)
    let slides = cohort.run("stats f outcomes=group unit=slide outdir='\(cohort.folder)/out'")
    #expect(slides.text.contains("no (6), yes (6), on f; over 12 slides") && slides.text.contains("slide p"))
    #expect(slides.text.contains("Slides of one patient are not independent, and 6 patients have several here"))
    #expect(try String(contentsOfFile: cohort.folder + "/out/slide_level_summary.csv", encoding: .utf8) == summary)
  }

  @Test func `a tiny p over tiles that rests on six patients is warned of, beside every such p`() throws {
    let cohort = try Self.sixPatients()
    let shown = cohort.run("stats f outcomes=group outdir='\(cohort.folder)/out'")
    let row = try #require(try cohort.rows().first { $0["feature"] == "0" })
    #expect(try #require(Double(row["tile_p"] ?? "")) < 1e-50)
    #expect(try #require(Double(row["anova_p"] ?? "")) > 1e-3)
    #expect(
      shown.notes.contains {
        $0.contains(
          "(feature 0) rests on 6 patients only: tiles of one slide are not independent, and over patients it is")
      }, "\(shown.text)")
    #expect(shown.text.contains("tile p (tiles not independent)"))
    #expect(shown.text.contains("tile p over 1,200 tiles, of which those of one slide are not independent"))
    // A feature that is the same everywhere is none that was tested.
    #expect(shown.text.contains("1 feature has no p over patients: the feature is the same everywhere (1)."))
    #expect(row["undefined"] == "" && row["eta_squared_low"] != "" && row["hedges_g"] != "")
    #expect(try cohort.rows().last?["undefined"]?.contains("anova: the feature is the same everywhere") == true)
  }

  @Test func `every test and method has its caption and its columns`() throws {
    let cohort = try Self.sixPatients()
    for (arguments, expected) in [
      ("test=welch", "Welch's ANOVA of 3 features"), ("test=kruskal", "ε² 95 % CI"), ("test=mannwhitney", "AUC"),
      ("method=median", "with the median of all their tiles"), ("method=max", "the maximum of all their tiles"),
      ("method=top:7", "the mean of the 7 highest of all their tiles"),
      ("method=threshold threshold=0.25", "the share of all their tiles above 0.25"), ("", "g (no − yes)"),
      ("method=top:500", "6 patients have fewer than 500 tiles and count with the mean of all: P0 (200), P1 (200)"),
      ("test=mannwhitney", "With 3 and 3 patients the smallest p that the Mann–Whitney test can give is 0.1."),
    ] {
      let shown = cohort.run("stats f outcomes=group \(arguments)")
      #expect(shown.failure == nil && shown.text.contains(expected), "\(arguments): \(shown.failure ?? shown.text)")
    }
    let failure = try #require(cohort.run("stats f outcomes=group method=top").failure)
    #expect(
      failure.contains("`method` is mean, threshold, median, max or top:20") && failure.contains("instead: top:20"))
  }

  @Test func `numbers as outcomes are correlated with, and with their ranks`() throws {
    let cohort = try Self.sixPatients()
    let shown = cohort.run("stats f outcomes=age use_float=true outdir='\(cohort.folder)/out'")
    #expect(
      shown.text.contains("Correlation of 3 features with age, Pearson's r and Spearman's ρ, on f; over 6 patients"))
    #expect(try cohort.rows()[0]["spearman_rho"] != "" && cohort.rows()[0]["pearson_df"] == "4.0")
    #expect(shown.text.contains("Written: \(cohort.folder)/out/statistics.csv"))
    #expect(!shown.text.contains("slide_level_summary"))
    let failure = try #require(cohort.run("stats f outcomes=age use_float=true between=[a, b]").failure)
    #expect(failure.contains("`between` takes two categories, and age holds numbers."))
  }

  @Test func `two categories of many are compared in the order that they are given in`() throws {
    let slides = (0..<9).map { "P\($0),S\($0),\(["low", "mid", "high"][$0 % 3])" }
    let cohort = try Cohort("grade", slides) { slide in
      [[Double(slide % 3) + Double(slide) / 50, Double(slide * 7 % 5)]]
    }
    let shown = cohort.run("stats f outcomes=grade between=[mid, low]")
    #expect(shown.text.contains("by grade: mid (3), low (3), on f"), "\(shown.failure ?? shown.text)")
    #expect(shown.text.contains("3 slides of other grade left out") && shown.text.contains("g (mid − low)"))
    let unknown = try #require(cohort.run("stats f outcomes=grade between=[mid, lowest]").failure)
    #expect(unknown.contains("No slide with features has grade \"lowest\"; the values are high (3), low (3), mid (3)."))
    #expect(try #require(cohort.run("stats f outcomes=grade between=[mid]").failure).contains("takes two different"))
    let three = try #require(cohort.run("stats f outcomes=grade test=mannwhitney").failure)
    #expect(three.contains("compares two categories, and grade has 3: high, low, mid.") && three.contains("kruskal"))
  }

  @Test func `what is the site's alone goes away within sites, and what goes with sites is refused`() throws {
    // Feature 0 is the site's, feature 1 the outcome's; the outcome is more frequent at one site.
    let slides = (0..<24).map { slide in
      let site = slide < 12 ? "A" : "B"
      return
        "P\(slide),S\(slide),\(slide % 12 < (site == "A" ? 3 : 9) ? "yes" : "no"),\(site),\(site),\(slide == 5 ? "NA" : "b\(slide % 2)")"
    }
    let cohort = try Cohort("group,site,lab,batch", slides) { slide in
      var generator = SplitMix64(seed: 900 + UInt64(slide))
      let outcome = slide % 12 < (slide < 12 ? 3 : 9)
      return [[(slide < 12 ? 0 : 4) + generator.nextNormal() / 2, (outcome ? 3 : 0) + generator.nextNormal() / 2]]
    }
    let out = "outdir='\(cohort.folder)/out'"
    let shown = cohort.run("stats f outcomes=group adjust=[site] seed=3 \(out)")
    #expect(shown.text.contains("p by 9,999 permutations within site, seed 3"), "\(shown.failure ?? shown.text)")
    let rows = Dictionary(uniqueKeysWithValues: try cohort.rows().map { ($0["feature"] ?? "", $0) })
    func p(_ feature: String, _ column: String) throws -> Double { try #require(Double(rows[feature]?[column] ?? "")) }
    #expect(try p("0", "anova_p") < 0.05 && p("0", "adjusted_p") > 0.05)
    #expect(try p("1", "adjusted_p") < 0.001)
    #expect(cohort.run("stats f outcomes=group adjust=[site] seed=3 \(out)").text == shown.text)
    #expect(cohort.run("stats f outcomes=group adjust=[batch]").text.contains("1 slide blank in batch left out"))
    let failure = try #require(cohort.run("stats f outcomes=lab adjust=[site]").failure)
    #expect(failure.contains("Within no site do slides differ in lab, so the two cannot be told apart."))
    #expect(try #require(cohort.run("stats f outcomes=group adjust=[site] test=welch").failure).contains("test=anova"))
    #expect(try #require(cohort.run("stats f outcomes=group adjust=[group]").failure).contains("is what is compared"))
    #expect(try #require(cohort.run("stats f outcomes=group seed=3").failure).contains("adjust"))
  }

  @Test func `two slides of each patient are compared within patients, as pairs`() throws {
    let slides = (0..<16).map { "\($0 / 2 + 1),S\($0),\($0 % 2 == 0 ? "tumour" : "normal"),\(50 + $0 / 2).5" }
    let cohort = try Cohort("tissue,age", slides) { slide in
      var patient = SplitMix64(seed: UInt64(slide / 2) + 40)
      var own = SplitMix64(seed: UInt64(slide) + 300)
      return [[10 * patient.nextNormal() + (slide % 2 == 0 ? 1.5 : 0) + 0.3 * own.nextNormal()]]
    }
    let shown = cohort.run("stats f outcomes=tissue adjust=[patient] outdir='\(cohort.folder)/out'")
    #expect(shown.text.contains("p by 9,999 permutations within patient"), "\(shown.failure ?? shown.text)")
    let row = try cohort.rows()[0]
    #expect(try #require(Double(row["anova_p"] ?? "")) > 0.3)
    // 2 of 2⁸ arrangements.
    #expect(abs(try #require(Double(row["adjusted_p"] ?? "")) - 2.0 / 256) < 0.004)
    let age = cohort.run("stats f outcomes=tissue adjust=[age]")
    #expect(age.text.contains("permutations, age accounted for, seed 42"), "\(age.failure ?? age.text)")
    #expect(cohort.run("stats f outcomes=age use_float=true adjust=[tissue] unit=slide").failure == nil)
  }

  @Test func `patients whose slides differ are named, and count once in each category`() throws {
    let slides = ["P0,S0,a", "P0,S1,b", "P1,S2,a", "P1,S3,a", "P2,S4,b", "P3,S5,b"]
    let cohort = try Cohort("kind", slides) { [[Double($0 * 5 % 7), Double($0 * $0 % 5)]] }
    let shown = cohort.run("stats f outcomes=kind")
    #expect(shown.text.contains("by kind: a (2), b (3)") && shown.text.contains("over 4 patients with 6 slides"))
    #expect(
      shown.notes.contains {
        $0.contains(
          "differ in kind, and the patient counts once in each of its categories: P0. These are not independent.")
      }, "\(shown.text)")
  }

  @Test func `categories of one slide each leave no test, which is said`() throws {
    let cohort = try Cohort("kind", ["P0,S0,a", "P1,S1,b"]) { [[Double($0), 3]] }
    let shown = cohort.run("stats f outcomes=kind")
    #expect(shown.failure == nil && shown.text.contains("no p over slides"), "\(shown.failure ?? shown.text)")
    #expect(shown.text.contains("each category has one slide"))
    #expect(cohort.run("stats f outcomes=kind test=mannwhitney").failure == nil)
    #expect(!shown.text.lowercased().contains("nan"))
  }
}
