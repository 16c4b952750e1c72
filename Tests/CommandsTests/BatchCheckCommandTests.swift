import CommandLanguage
import FeatureData
import Foundation
import Testing

/// `batch_check` on features from elsewhere: what is said, and of what it says that it cannot be said.
@Suite struct BatchCheckCommandTests {
  private let study: SmallStudy

  init() throws { study = try SmallStudy() }

  /// A patient for each, with a slide of six tiles or more than one.
  private struct Patient {
    var site: String
    var outcome: String
    var slides = 1
    var siteEffect = 0.0
    var outcomeEffect = 0.0
  }

  /// Writes annotations and features, and opens them as `f`.
  private func open(_ patients: [Patient], changing change: (inout [[String]]) -> Void = { _ in }) throws {
    var rows = [["patient", "slide", "HPV_status", "site", "scanner", "age", "score"]]
    var table = "slide,loc_x,loc_y," + (0..<12).map { "feature_\($0)" }.joined(separator: ",") + "\n"
    var generator = SplitMix64(seed: 11)
    let directions = (0..<8).map { _ in (0..<12).map { _ in generator.nextNormal() } }
    let sites = patients.map(\.site)
    for (number, patient) in patients.enumerated() {
      let own = (0..<12).map { c in
        0.7 * generator.nextNormal() + patient.siteEffect
          * directions[(Array(Set(sites)).sorted().firstIndex(of: patient.site) ?? 0) % 6][c]
          + (patient.outcome == "positive" ? patient.outcomeEffect : 0) * directions[7][c]
      }
      for slide in 0..<patient.slides {
        let name = "T-\(number)-\(slide)"
        rows.append([
          "P\(number)", name, patient.outcome, patient.site, number % 2 == 0 ? "X" : "Y", "\(40 + number).5",
          "\(number)",
        ])
        for tile in 0..<6 {
          let values = own.map { "\($0 + generator.nextNormal())" }
          table += "\(name),\(50 * tile),0,\(values.joined(separator: ","))\n"
        }
      }
    }
    change(&rows)
    try study.write("annotations.csv", rows.map { $0.joined(separator: ",") + "\n" }.joined())
    try study.write("made-elsewhere.csv", table)
    let shown = study.run("project '\(study.folder)';\nf = import_features made-elsewhere.csv outcomes=HPV_status")
    try #require(shown.failure == nil, "\(shown.failure ?? "")")
  }

  /// Patients of sites by counts of negative and positive.
  private func patients(
    _ counts: [[Int]], siteEffect: Double = 0, outcomeEffect: Double = 0, slides: Int = 1
  ) -> [Patient] {
    zip(["A", "B", "C", "D", "E", "F"], counts).flatMap { site, row in
      zip(["negative", "positive"], row).flatMap { outcome, count in
        (0..<count).map { _ in
          Patient(
            site: site, outcome: outcome, slides: slides, siteEffect: siteEffect, outcomeEffect: outcomeEffect)
        }
      }
    }
  }

  @Test func `The shadow of a site is called so, with the table that says it`() throws {
    try open(patients([[20, 4], [4, 20], [18, 5], [5, 18]], siteEffect: 2))
    let shown = study.run("batch_check f by=site")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(
      shown.outputs.first?.text.contains("in a site never seen: what is read is likely the site.") == true,
      "\(shown.text)")
    for part in [
      "Batch check of 12 features by site and HPV_status, 94 patients, on f",
      "neighbours alike, of the 20 nearest tiles",
      "silhouette of patients", "AUC, each site left out", "564 tiles",
      "Patients by site and HPV_status; Cramér's V 0.62",
      "logistic regression (L2, C = 1, balanced)", "seed 42",
    ] { #expect(shown.text.contains(part), "\(part) in \(shown.text)") }
    #expect(study.run("batch_check f by=site seed=42").text == shown.text)
  }

  @Test func `What shows in every site of a balanced study is not`() throws {
    try open(patients([[5, 5], [5, 5], [5, 5]], siteEffect: 1, outcomeEffect: 1.5, slides: 2))
    let shown = study.run("batch_check f by=site outcomes=HPV_status")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(shown.text.contains("what is read is not the site alone."), "\(shown.text)")
    #expect(shown.text.contains("30 patients (60 slides)"))
  }

  @Test func `Noise is no signal, and six patients are too few for any`() throws {
    try open(patients([[12, 12], [12, 12]], siteEffect: 1))
    #expect(study.run("batch_check f by=site").text.contains("HPV_status cannot be read from these features (AUC 0."))
    try open(patients([[2, 1], [1, 2]], siteEffect: 3, outcomeEffect: 3))
    let shown = study.run("batch_check f by=site")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(
      shown.text.contains("6 patients are too few to tell whether what is read of HPV_status is the site"),
      "\(shown.text)")
  }

  @Test func `An outcome that each site has one of cannot be told from it by any analysis`() throws {
    try open(patients([[6, 0], [0, 6], [4, 0]], siteEffect: 1, outcomeEffect: 1))
    let shown = study.run("batch_check f by=site")
    #expect(shown.text.contains("Each value of site has one HPV_status only: no analysis of these data"))
    #expect(shown.text.contains("Cramér's V 1.00"))
    #expect(
      shown.text.contains("Not scored as site never seen: A (negative only), B (positive only), C (negative only)."))
  }

  @Test func `What is blank, patients of several sites and sites of one patient are said`() throws {
    try open(patients([[4, 4], [4, 4], [1, 0]], siteEffect: 1, slides: 2)) { rows in
      rows[1][3] = "NA"
      rows[2][3] = ""
      rows[4][2] = ""
      // The second slide of P2 is of another site than the first, that of P3 of another outcome.
      rows[6][3] = "B"
      rows[8][2] = "positive"
    }
    let shown = study.run("batch_check f by=site")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    for part in [
      "3 slides without site or HPV_status left out", "Blank in site: 2 (1 NA, 1 empty)", "lank in HPV_status: 1",
      "1 patient with slides of more than one site (P2)", "1 patient with slides of more than one HPV_status (P3)",
      "site of one patient, which cannot be read when it is left out: C.",
      "Not scored as site never seen: C (negative only).",
    ] { #expect(shown.text.contains(part), "\(part) in \(shown.text)") }
  }

  @Test func `Tiles with NaN are left out and named`() throws {
    try open(patients([[3, 3], [3, 3]], siteEffect: 1))
    let path = study.folder + "/made-elsewhere.csv"
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    var fields = lines[3].split(separator: ",").map(String.init)
    fields[5] = "nan"
    lines[3] = fields.joined(separator: ",")
    try study.write("made-elsewhere.csv", lines.joined(separator: "\n") + "\n")
    let shown = study.run("g = import_features made-elsewhere.csv outcomes=HPV_status;\nbatch_check g by=site")
    #expect(shown.text.contains("T-0-0: 1 tile with NaN or infinity (2)") && shown.text.contains("71 tiles"))
  }

  @Test(arguments: [
    ("batch_check f by=HPV_status", "`by` and `outcomes` are both HPV_status", "by=site"),
    ("batch_check f by=site outcomes=site", "`by` and `outcomes` are both site", "outcomes=HPV_status"),
    ("batch_check f by=site outcomes=age", "age holds numbers", "outcomes=HPV_status"),
    ("batch_check f by=patient", "Each of the 16 values of patient has one patient only", "by=site"),
    ("batch_check f by=slide", "Each of the 16 values of slide has one patient only", "by=site"),
    ("batch_check f by=age", "Each of the 16 values of age has one patient only", "by=site"),
    ("batch_check f by=sit", "There is no column `sit`", "site"),
    ("batch_check f by=site map=none outcomes=none", "these features were made without", "outcomes=HPV_status"),
    ("batch_check f", "`batch_check` needs a column that says where each slide comes from", "by=site"),
    ("batch_check f by=site n_neighbors=0", "n_neighbors", "1"),
  ])
  func `What cannot be checked is refused with what can`(cell: String, sentence: String, instead: String?) throws {
    try open(patients([[4, 4], [4, 4]]))
    let failure = try #require(study.run(cell).failure, "\(cell)")
    #expect(failure.contains(sentence), "\(failure)")
    if let instead { #expect(failure.contains("instead: \(instead)") || failure.contains(instead), "\(failure)") }
  }

  @Test func `One site, one outcome and nothing in common are refused`() throws {
    try open(patients([[4, 4], [4, 4]])) { rows in for row in 1..<rows.count { rows[row][3] = "A" } }
    let one = try #require(study.run("batch_check f by=site").failure)
    #expect(one.contains("All slides compared have the same site, A") && one.contains("by=scanner"), "\(one)")
    try open(patients([[4, 4], [4, 4]])) { rows in for row in 1..<rows.count { rows[row][2] = "positive" } }
    let outcome = try #require(study.run("batch_check f by=site").failure)
    #expect(outcome.contains("the same HPV_status, positive") && outcome.contains("outcomes=scanner"), "\(outcome)")
    try open(patients([[4, 4], [4, 4]])) { rows in for row in 1..<rows.count { rows[row][row % 2 == 0 ? 2 : 3] = "" } }
    let none = try #require(study.run("batch_check f by=site").failure)
    #expect(none.contains("No slide with features has both site and HPV_status."), "\(none)")
  }

  @Test func `Numbers are names of sites too, and labels of one's own are taken`() throws {
    try open(patients([[4, 4], [4, 4]], siteEffect: 1)) { rows in
      for row in 1..<rows.count { rows[row][6] = "\(row % 8)" }
    }
    let shown = study.run("batch_check f by=score")
    #expect(shown.failure == nil && shown.text.contains("by score and HPV_status"), "\(shown.failure ?? "")")
  }

  @Test func `A map of the features takes part, and one of others does not`() throws {
    try open(patients([[4, 4], [4, 4]], siteEffect: 2))
    let without = study.run("batch_check f by=site")
    #expect(!without.text.contains("on the map"))
    #expect(study.run("u = slide_map f n_neighbors=5").failure == nil)
    let with = study.run("batch_check f by=site")
    #expect(with.text.contains("neighbours alike, of the 20 nearest on the map"), "\(with.failure ?? with.text)")
    #expect(with.text.contains("on f, on map u") && with.text.contains("The map by site and HPV_status."))
    #expect(with.outputs.count { $0.picture != nil } == 2)
    #expect(!study.run("batch_check f by=site map=none").text.contains("on the map"))
    let lines = try String(contentsOfFile: study.folder + "/made-elsewhere.csv", encoding: .utf8).split(separator: "\n")
    try study.write(
      "others.csv", lines.map { $0.split(separator: ",").dropLast().joined(separator: ",") + "\n" }.joined())
    #expect(study.run("drop u\ng = import_features others.csv;\nv = slide_map g n_neighbors=5").failure == nil)
    let other = study.run("batch_check f by=site")
    #expect(
      !other.text.contains("nearest on the map") && !other.text.contains("on map v"), "\(other.failure ?? other.text)")
    #expect(other.text.contains("The map of the session is of other features, and is left out."))
    let failure = try #require(study.run("batch_check f by=site map=v").failure)
    #expect(failure.contains("The map is of other features") && failure.contains("map=none"), "\(failure)")
  }

  @Test func `A check is saved as a table with all digits, and as a figure`() throws {
    try open(patients([[4, 4], [4, 4]], siteEffect: 2))
    let shown = study.run("b = batch_check f by=site\nsave b '\(study.folder)/batch.csv'")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(shown.outputs.contains { $0.picture != nil })
    for name in ["batch.png", "batch.svg", "batch.pdf"] {
      #expect(study.run("save b '\(study.folder)/\(name)' theme=print width=114").failure == nil)
      #expect(FileManager.default.fileExists(atPath: study.folder + "/" + name))
    }
    let lines = try String(contentsOfFile: study.folder + "/batch.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(lines[0] == "measure,of,value,low,high,chance,chance_low,chance_high,p,n,unit")
    #expect(lines.contains { $0.hasPrefix("Cramér's V,site × HPV_status,0.0,") })
    #expect(lines.contains("patients,A × negative,4,,,,,,,16,patients"))
    #expect(lines.contains { $0.hasPrefix("\"AUC, each site left out\",HPV_status,") && $0.hasSuffix("32,pairs") })
  }
}
