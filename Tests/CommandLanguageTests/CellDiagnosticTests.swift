import Testing

@Suite struct CellDiagnosticTests {
  @Test(arguments: Self.cells)
  func `All errors of a cell are told at once`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let cells: [WrongCell] = [
    WrongCell(
      "dataset p tile_px=⟦0⟧ min_tiles=⟦-1⟧",
      .says("`tile_px` is between 1 and 4096 px, and `0` is not.", instead: "1"),
      .says("`min_tiles` is at least 0, and `-1` is not.", instead: "0")),
    WrongCell(
      "stats df method=⟦mode⟧ top=⟦0⟧ ⟦tops⟧=1",
      .says("`method` is mean or threshold, not `mode`.", instead: nil),
      .says("`top` is at least 1, and `0` is not.", instead: "1"),
      .says("`stats` has no parameter `tops`; it has method, threshold, top and outdir.", instead: "top=1")),
    WrongCell(
      "⟦stat⟧ df\nmosaic df resolution=⟦hi⟧\nlabel m by=⟦aeg⟧",
      .says("There is no command `stat`.", instead: "stats df"),
      .says("`resolution` is low, medium or high, not `hi`.", instead: "high"),
      .says("There is no column `aeg`; the columns are HPV_status, site and age.", instead: "age")),
    WrongCell(
      "x = ⟦stat⟧ df\nlabel x by=age\ny = mosaic x\ntiles y near=S9:1",
      "There is no command `stat`.",
      instead: "x = stats df"),
    WrongCell(
      "project ~/studies/hpv\r\nlabels ⟦aeg⟧\rstats",
      "There is no column `aeg`; the columns are HPV_status, site and age.",
      instead: "age"),
    WrongCell(
      "project ~/studies/hpv\nlabels ⟦HPV_stat⟧", in: .empty,
      "There is no column `HPV_stat`; the columns are HPV_status, site and age.",
      instead: "HPV_status"),
    WrongCell(
      "⟦featurs⟧ models/hpv.onnx\nstats\nx = ⟦mosaik⟧\nlabel x by=q", in: .empty,
      .says("There is no command `featurs`.", instead: "features models/hpv.onnx"),
      .says("There is no command and no value `mosaik`.", instead: "x = mosaic")),
    WrongCell(
      "x = model ~/studies/hpv/models/hpv.onnx\ndf = features x dataset=⟦nope⟧\nstats df method=⟦mode⟧", in: .empty,
      .says("There is no value `nope`; there is x.", instead: nil),
      .says("`method` is mean or threshold, not `mode`.", instead: nil)),
    WrongCell(
      "größe = mosaic ⟦dff⟧  # größe\nlabel größe by=aeg",
      "There is no value `dff`.",
      instead: "df"),
    WrongCell(
      "# 🧬 tiles\nstats df ⟦metho⟧=mean",
      "`stats` has no parameter `metho`; it has method, threshold, top and outdir.",
      instead: "method=mean"),
  ]
}
