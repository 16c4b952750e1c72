import CommandLanguage
import FeatureData
import Foundation
import Testing

@Suite("Selections compared by their features")
struct SelectionStatsTests {
  private static let slideCount = 16
  private static let tileCount = 18
  private static let featureCount = 120
  private let study: SmallStudy

  /// Patients differ in every feature; tiles 0 to 5 have more of the first four.
  init() throws {
    study = try SmallStudy()
    var annotations = "patient,slide,site\n"
    try FileManager.default.createDirectory(atPath: study.folder + "/npy", withIntermediateDirectories: true)
    var generator = SplitMix64(seed: 91)
    func normal() -> Float {
      // The sum of twelve has a variance of one.
      (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(generator.next() >> 40) / Float(1 << 24) }
    }
    for slide in 0..<Self.slideCount {
      annotations += "P\(slide),T-\(slide),\(slide % 2 == 0 ? "A" : "B")\n"
      let patient = (0..<Self.featureCount).map { _ in 2 * normal() }
      var values: [Float] = []
      for tile in 0..<Self.tileCount {
        for feature in 0..<Self.featureCount {
          values.append(patient[feature] + normal() + (tile < 6 && feature < 4 ? 1.5 : 0))
        }
      }
      try Data(NPY.bytes(values, rows: Self.tileCount)).write(
        to: URL(filePath: study.folder + "/npy/T-\(slide).npy"))
    }
    try study.write("annotations.csv", annotations)
    study.run("project '\(study.folder)'\nx = import_features '\(study.folder)/npy'")
  }

  private func text(_ statement: String) throws -> String {
    let shown = study.run(statement)
    #expect(shown.failure == nil, "\(statement): \(shown.failure ?? "")")
    return shown.text
  }

  @Test("What sets chosen tiles apart is found within patients, and what does not is not")
  func planted() throws {
    study.run("s1 = select x tiles=0..<6\ns2 = select x tiles=6..<12")
    for statement in ["stats x between=s1", "stats x between=[s1, s2]", "stats x between=[s1, s2] test=wilcoxon"] {
      let found = try text(statement + " top=120 outdir='\(study.folder)/out'")
      #expect(found.contains("16 pairs") && found.contains("within the 16 slides that have tiles in both"), "\(found)")
      let rows = try String(contentsOfFile: study.folder + "/out/statistics.csv", encoding: .utf8)
        .split(whereSeparator: \.isNewline).map {
          $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
      let q = try #require(rows[0].firstIndex(of: statement.contains("wilcoxon") ? "wilcoxon_q" : "paired_t_q"))
      let found05 = rows.dropFirst().filter { (Double($0[q]) ?? 1) < 0.05 }.map { $0[0] }
      #expect(Set(found05).isSuperset(of: ["0", "1", "2", "3"]) && found05.count <= 5, "\(found05)")
      #expect(Set(rows[1...4].map { $0[0] }) == ["0", "1", "2", "3"])
    }
    // Tiles alike: nothing differs.
    study.run("n1 = select x tiles=6..<12\nn2 = select x tiles=12..<18")
    let null = try text("stats x between=[n1, n2]")
    #expect(!null.contains("was chosen by these features"))
  }

  @Test("Patients with tiles on one side alone are left out, or compared as independent groups where they are more")
  func designs() throws {
    study.run("a = select x by={site: A} tiles=0..<6\nb = select x by={site: B}")
    let independent = try text("stats x between=[a, b] test=welch")
    #expect(independent.contains("Welch's ANOVA of 120 features by selection: a (8), b (8)"), "\(independent)")
    #expect(independent.contains("compared as independent groups, for none has tiles in both"))
    study.run("c = select x by={slide: [T-0, T-1, T-2, T-3, T-4]} tiles=0..<6")
    let paired = try text("stats x between=c")
    #expect(paired.contains("Paired t test of 120 features between c and the rest, 5 pairs"), "\(paired)")
    #expect(paired.contains("11 slides with tiles in the rest alone left out"))
    #expect(try text("stats x between=c test=wilcoxon").contains("smallest p that Wilcoxon's test can give is 0.0625"))
    study.run("one = select x slide=T-0 tiles=0..<6")
    #expect(try #require(study.run("stats x between=one").failure).contains("Only 1 slide has tiles in both"))
    #expect(try #require(study.run("stats x between=[a, c]").failure).contains("are in both a and c"))
    #expect(try #require(study.run("stats x between=[a, b, c]").failure).contains("takes one selection"))
    #expect(try #require(study.run("stats x between=[a, b] test=wilcoxon").failure).contains("test=mannwhitney"))
    #expect(try #require(study.run("stats x between=[a, b] adjust=[site]").failure).contains("nothing to account for"))
    #expect(try #require(study.run("stats x between=c outcomes=site").failure).contains("outcomes have no part"))
    #expect(study.run("box_plots x between=c top=2").failure == nil)
  }

  @Test("A patient with several slides is one unit, with the tiles of all of them on each side")
  func patients() throws {
    try study.write(
      "annotations.csv",
      "patient,slide,site\n" + (0..<Self.slideCount).map { "P\($0 / 2),T-\($0),A\n" }.joined())
    study.run("project '\(study.folder)'\nx = import_features '\(study.folder)/npy'")
    study.run(
      "a = select x by={slide: [T-0, T-2, T-4, T-6]} tiles=0..<6\nb = select x by={slide: [T-1, T-3, T-5, T-6, T-9]} without=a"
    )
    let shown = try text("stats x between=[a, b]")
    #expect(shown.contains("4 pairs") && shown.contains("within the 4 patients that have tiles in both"), "\(shown)")
    #expect(shown.contains("1 patient with tiles in b alone left out"))
    #expect(
      try text("stats x between=[a, b] unit=slide").contains("independent groups, for only one has tiles in both"))
  }

  @Test("Tiles that the features chose are said to differ because of that")
  func circular() throws {
    study.run("s = select x feature:0>0")
    let shown = try text("stats x between=s")
    #expect(
      shown.contains("s was chosen by these features (feature:0 > 0): that they differ is in part how it was chosen"))
    study.run("c = cluster x k=2")
    let clusters = study.run("stats x outcomes=c")
    #expect(
      clusters.failure == nil && clusters.text.contains("The clusters were made of these features"),
      "\(clusters.failure ?? "")")
  }
}

/// Arrays as NumPy writes them.
enum NPY {
  static func bytes(_ values: [Float], rows: Int) -> [UInt8] {
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(values.count / rows)), }"
    let padded = text + String(repeating: " ", count: (64 - (10 + text.utf8.count + 1) % 64) % 64) + "\n"
    let count = padded.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(padded.utf8)
      + values.withUnsafeBytes { Array($0) }
  }
}
