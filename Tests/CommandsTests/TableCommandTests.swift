import CommandLanguage
import Foundation
import Testing

@Suite("Tables that are sorted and chosen from")
struct TableCommandTests {
  private let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    #expect(study.open().failure == nil)
    #expect(study.run("t = logits_mean df").failure == nil)
  }

  /// The first column of what is shown as a table, without its header.
  private func slides(_ statement: String) -> [String] {
    let shown = study.run(statement)
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    let lines = shown.outputs.first?.text.split(separator: "\n") ?? []
    return lines.drop { !$0.hasPrefix("──") }.dropFirst().map { String($0.prefix { $0 != " " }) }.filter {
      $0.hasPrefix("S-")
    }
  }

  @Test("Rows are sorted by columns of the table and of the annotations, and chosen before they are cut")
  func rows() throws {
    #expect(slides("logits_mean df sort=-slide top=2") == ["S-5", "S-4"])
    #expect(slides("logits_mean df sort=[HPV_status, -age]") == ["S-5", "S-3", "S-1", "S-4", "S-2", "S-0"])
    #expect(slides("logits_mean df where={site: A, HPV_status: positive}") == ["S-0", "S-2"])
    #expect(slides("logits_mean df where={age: >42} sort=-age") == ["S-5", "S-4", "S-3"])
    #expect(slides("logits_mean df where={age: [40, 45]}") == ["S-0", "S-5"])
    #expect(slides("logits_mean df where={age: 41...43, site: !=B}") == ["S-1", "S-2"])
    #expect(slides("logits_predict df where={site: B} top=1 sort=-age") == ["S-5"])
    #expect(slides("logits_percent df where={site: B} top=2") == ["S-3", "S-4"])
    #expect(slides("table t sort=[site, -slide] top=4") == ["S-2", "S-1", "S-0", "S-5"])
    #expect(slides("locations df where={slide: S-3} sort=-x top=3") == ["S-3", "S-3", "S-3"])
  }

  @Test("What was done stands in the caption, and the rest is told with how to see it")
  func words() {
    let text = study.run("logits_mean df where={site: A} sort=-age top=1").text
    #expect(text.contains("; 3 of 6 rows, site A, sorted by age from high to low"))
    #expect(text.contains("1 of 3 rows; top=3 shows all, save writes them to a file"))
  }

  @Test("A file has all rows that were chosen, in their order, as CSV and as TSV")
  func files() throws {
    study.run("x = logits_mean df where={site: A} sort=-slide top=1")
    for (ending, separator) in [("csv", ","), ("tsv", "\t")] {
      #expect(study.run("save x '\(study.folder)/x.\(ending)'").failure == nil)
      let lines = try String(contentsOfFile: "\(study.folder)/x.\(ending)", encoding: .utf8).split(separator: "\r\n")
      #expect(lines.dropFirst().map { $0.prefix { $0 != separator.first } } == ["S-2", "S-1", "S-0"])
      #expect(lines[0].split(separator: separator).last == "site")
    }
  }

  @Test("Labels, datasets, features and maps are tables, too")
  func others() {
    study.run("d = dataset\nl = labels d HPV_status")
    #expect(slides("table l sort=[HPV_status, -slide] top=2") == ["S-5", "S-3"])
    #expect(slides("table d where={site: B} sort=-age") == ["S-5", "S-4", "S-3"])
    #expect(slides("table df sort=-slide top=1") == ["S-5"])
    #expect(study.run("m = slide_map df n_neighbors=5\ntable m top=3").failure == nil)
  }

  @Test("Features are sorted and chosen by what they were compared with, before they are cut")
  func statistics() throws {
    func features(_ statement: String) -> [String] {
      let shown = study.run(statement)
      #expect(shown.failure == nil, "\(shown.failure ?? "")")
      let lines = shown.outputs.first?.text.split(separator: "\n") ?? []
      return lines.drop { !$0.hasPrefix("──") }.dropFirst().prefix { !$0.contains(" rows") }.map {
        String($0.prefix { $0 != " " })
      }
    }
    #expect(features("stats df sort=feature top=3") == ["0", "1", "2"])
    #expect(features("stats df sort=-feature top=2") == ["11", "10"])
    #expect(features("stats df where={feature: [3, 10]} sort=feature") == ["3", "10"])
    let short = try #require(study.run("stats df sort=p").failure)
    #expect(short.contains("The table has no column p; its columns are feature, ") && short.contains(" p\""))
    // The other keys are not lost.
    let several = try #require(study.run("stats df sort=[feature, p]").failure)
    #expect(several.contains("sort=[feature, \"slide p\"]") || several.contains("sort=[feature, \"patient p\"]"))
    let where2 = try #require(study.run("stats df where={feature: [99], \"slide p\": <0.9}").failure)
    #expect(!where2.contains("where={feature: 9"))
  }

  @Test("Names that are not there are answered with those that are, before anything runs where they are known")
  func wrong() throws {
    let column = try #require(study.run("table t sort=tile").failure)
    #expect(
      column.contains("There is no column `tile`; the columns are slide, tiles") && column.contains("instead: tiles"))
    #expect(study.run("table t sort='tiles desc'").failure?.contains("instead: \"-tiles\"") == true)
    let value = try #require(study.run("logits_mean df where={site: C}").failure)
    #expect(
      value.contains("No slide has site \"C\"; the values are A (3), B (3).") && value.contains("Nothing was run."))
    let predicted = try #require(study.run("table t where={prediction: unknown}").failure)
    #expect(predicted.contains("No row has prediction \"unknown\"; there are "))
    let form = try #require(study.run("table t where={tiles > 5}").failure)
    #expect(
      form.contains("A condition is a column, a colon and what is asked of it") && form.contains("instead: tiles: >5"))
    #expect(study.run("table t where={tiles: > 5}").failure?.contains("instead: >5") == true)
    #expect(
      study.run("table t where={tiles: >x}").failure?.contains("Numbers are compared, and `>x` names none.") == true)
    let both = try #require(study.run("table t where={tiles: [>=5, <20]}").failure)
    #expect(both.contains("is to hold or all of them is not said") && both.contains("instead: 5..<20"))
    #expect(study.run("table t where={tiles: >500}").text.contains("0 of 6 rows"))
    let stated = try #require(study.run("locations df sort=-z").failure)
    #expect(stated.contains("There is no column `z`; the columns are slide, tile, x, y"))
  }

  @Test("Of labels and datasets, which hold more than a table, the table is sorted by a line of its own")
  func lineBehind() throws {
    study.run("dataset")
    let labels = try #require(study.run("labels HPV_status sort=-slide top=2").failure)
    #expect(labels.contains("instead: x = labels HPV_status\n             table x sort=-slide top=2"))
    #expect(study.run("d = dataset top=2").failure?.contains("table d top=2") == true)
    #expect(slides("x = labels HPV_status;\ntable x sort=-slide top=2") == ["S-5", "S-4"])
  }

  @Test("Columns are completed, also behind the sign of a direction and as keys")
  func completion() {
    func texts(_ cell: String) -> [String] {
      study.language.complete(cell, at: cell.unicodeScalars.count).candidates.map(\.text)
    }
    #expect(texts("table t sort=ti").contains("tiles"))
    #expect(texts("table t sort=-ti").contains("-tiles"))
    #expect(texts("logits_mean df where={si").contains("site"))
    #expect(texts("logits_mean df where={site: ").contains("A"))
  }
}
