import Testing

@Suite struct FileDiagnosticTests {
  @Test(arguments: Self.files)
  func `Files and folders are there, or can be made`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let files: [WrongCell] = [
    WrongCell(
      "project ⟦~/studies/hpx⟧",
      "There is no folder `~/studies/hpx`.",
      instead: "~/studies/hpv"),
    WrongCell(
      "project ⟦~/studies/notes.txt⟧",
      "`~/studies/notes.txt` is a file, and a folder is expected.",
      instead: "~/studies"),
    WrongCell(
      "project ⟦''⟧",
      "The path given for `path` is empty.",
      instead: "PATH"),
    WrongCell(
      "project ⟦nowhere/at/all⟧",
      "There is no folder `nowhere/at/all`.",
      instead: nil),
    WrongCell(
      "features ⟦models/hvp.onnx⟧",
      "There is no file `models/hvp.onnx`.",
      instead: "models/hpv.onnx"),
    WrongCell(
      "features ⟦~/studies/hpv/models⟧",
      "`~/studies/hpv/models` is a folder, and a file is expected.",
      instead: "~/studies/hpv/models/hpv.onnx"),
    WrongCell(
      "features ⟦~/studies/hpv/models/readme.md⟧",
      "Only files that end in .onnx are read here, and `~/studies/hpv/models/readme.md` does not end so.",
      instead: "~/studies/hpv/models/hpv.onnx"),
    WrongCell(
      "model ⟦nets/zzz.onnx⟧",
      "There is no file `nets/zzz.onnx`.",
      instead: nil),
    WrongCell(
      "model ⟦'my nets.onnx'⟧",
      "There is no file `my nets.onnx`.",
      instead: "\"my net.onnx\""),
    WrongCell(
      "model ⟦./my net.onnx⟧",
      "A path with a blank is written in quotes.",
      instead: "\"./my net.onnx\""),
    WrongCell(
      "save m ⟦out.gif⟧",
      "`out.gif` should end in .png, .svg or .csv.",
      instead: "out.png"),
    WrongCell(
      "save m ⟦out⟧",
      "`out` is a folder, and a file is expected.",
      instead: "out/m.png"),
    WrongCell(
      "save m ⟦'my map.jpg'⟧",
      "`my map.jpg` should end in .png, .svg or .csv.",
      instead: "\"my map.png\""),
    WrongCell(
      "save m ⟦model.onnx/x.png⟧",
      "`model.onnx` is a file, and a folder is expected.",
      instead: "x.png"),
    WrongCell(
      "save m out/a.png\nmodel ⟦out/a.onnx⟧",
      "There is no file `out/a.onnx`.",
      instead: nil),
    WrongCell(
      "stats df outdir=made\nproject ⟦other⟧",
      "There is no folder `other`.",
      instead: nil),
    WrongCell(
      "features ⟦my net.onnx⟧ layers=[postconv]",
      "A path with a blank is written in quotes.",
      instead: "\"my net.onnx\""),
    WrongCell(
      "save m ⟦my map.png⟧",
      "A path with a blank is written in quotes.",
      instead: "\"my map.png\""),
    WrongCell(
      "save ⟦my⟧ map.png",
      "There is no value `my`.",
      instead: "m"),
  ]
}
