import Testing

@testable import FeatureStore

/// Tables whose features only their numbers tell to be such.
@Suite struct NumberedColumnsTests {
  @Test func `One name with running numbers is features, in the order of the numbers`() throws {
    let header = ["slide", "f0", "f2", "f1", "note"]
    let run = try #require(NumberedColumns(["f0", "f2", "f1", "note"], in: header))
    #expect(run.indices == [1, 3, 2])
    #expect(run.sentence == "The columns f0 to f2 are taken for features.")
    #expect(NumberedColumns(["dim_1", "dim_2"], in: ["slide", "dim_1", "dim_2"])?.indices == [1, 2])
  }

  @Test(arguments: [
    ["f0", "f2"], ["f0"], ["a0", "a1", "b0", "b1"], ["stage2", "stage3"], ["note", "age"],
    ["attention_0", "attention_1"],
  ])
  func `What may be something else is not taken`(columns: [String]) {
    #expect(NumberedColumns(columns, in: columns) == nil)
  }
}
