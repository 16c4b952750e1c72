import CommandLanguage
import SmallLanguage
import Testing

/// What a statement means by what it leaves out.
@Suite struct ImpliedValueTests {
  let session = SmallLanguage.interpreter()
  let recorder = Recorder()

  @discardableResult
  func run(_ cell: String) -> [String] {
    let before = recorder.texts.count
    guard session.run(cell, output: recorder, monitor: recorder) == .completed else { return ["it failed"] }
    return Array(recorder.texts.dropFirst(before))
  }

  func bind(_ name: String?, _ type: ValueType, _ names: KnownNames = SmallLanguage.columns) {
    session.workspace.bind(
      SmallLanguage.value(type, names), to: name, statement: name.map { $0 + " = made" } ?? "made", seconds: 0)
  }

  func sentences(_ cell: String) -> [String] { session.check(cell).diagnostics.map(\.sentence) }
  func remedies(_ cell: String) -> [String?] { session.check(cell).diagnostics.map(\.remedy) }

  // MARK: The only one

  @Test(arguments: ["d", nil])
  func `A parameter left out means the only value of its type, named or not`(_ name: String?) {
    bind("p", SmallLanguage.project)
    bind(name, SmallLanguage.dataset)
    let phrase = name.map { "on dataset \($0)" } ?? "on the unnamed Dataset"
    #expect(run("df = features ./model.onnx") == ["features \(phrase)"])
    #expect(session.workspace.binding(named: "df")?.dependencies.map(\.name) == [name ?? "the unnamed Dataset"])
  }

  @Test func `Without a value of the type the command does what its page says`() {
    bind("p", SmallLanguage.project)
    #expect(run("df = features ./model.onnx") == ["features of project p"])
    #expect(sentences("grid ./model.onnx") == ["`grid` needs `slide`."])
  }

  @Test func `Several are an error that names them, with the caret under the command, before anything runs`() {
    bind("p", SmallLanguage.project)
    bind("d", SmallLanguage.dataset)
    bind("e", SmallLanguage.dataset)
    let found = session.check("echo a\nf = features ./model.onnx").diagnostics
    #expect(found.map(\.sentence) == ["`dataset` takes a dataset, and there are two: d, e."])
    #expect(found.map(\.remedy) == ["f = features ./model.onnx dataset=e"])
    #expect(found.map(\.span) == [11..<19])
    #expect(run("echo a\nf = features ./model.onnx") == ["it failed"])
    #expect(recorder.notes.isEmpty)
    #expect(run("features ./model.onnx dataset=d") == ["features"])
  }

  @Test func `An unnamed value counts beside named ones, whichever is newer`() {
    bind("p", SmallLanguage.project)
    bind(nil, SmallLanguage.dataset)
    bind("d", SmallLanguage.dataset)
    #expect(
      sentences("features ./model.onnx") == ["`dataset` takes a dataset, and there are two: the unnamed Dataset, d."])
    #expect(run("drop dataset\nfeatures ./model.onnx") == ["Dropped the unnamed Dataset.", "features on dataset d"])
  }

  @Test func `Types flow down the cell: what a line above makes is what is meant`() {
    #expect(run("project ~/studies/hpv\nd = dataset\nfeatures ./model.onnx").last == "features on dataset d")
    #expect(
      sentences("e = dataset\nfeatures ./model.onnx") == ["`dataset` takes a dataset, and there are two: d, e."])
    #expect(sentences("drop d\nfeatures ./model.onnx") == [])
    #expect(sentences("d = dataset min_tiles=3\nfeatures ./model.onnx") == [])
  }

  @Test func `With none a value is left out although there is one`() {
    bind("p", SmallLanguage.project)
    bind("d", SmallLanguage.dataset)
    bind("l", SmallLanguage.labels)
    #expect(run("features ./model.onnx") == ["features on dataset d by labels l"])
    #expect(run("features ./model.onnx dataset=none outcomes=none") == ["features of project p"])
  }

  @Test func `What the subject brings along is not looked for in the session`() {
    bind("p", SmallLanguage.project)
    bind("df", SmallLanguage.features)
    bind("l", SmallLanguage.labels)
    #expect(run("contrast") == ["contrast on df by labels l"])
    var settled = SmallLanguage.columns
    settled.settled = ["outcomes"]
    bind("df", SmallLanguage.features, settled)
    #expect(run("contrast") == ["contrast on df"])
    bind("k", SmallLanguage.labels)
    #expect(run("contrast") == ["contrast on df"])
    #expect(sentences("f = features ./model.onnx outcomes=site\ncontrast f") == [])
  }

  @Test func `A parameter that has no effect beside another is not filled in`() {
    bind("p", SmallLanguage.project)
    bind("q", SmallLanguage.project, SmallLanguage.others)
    #expect(sentences("features ./model.onnx") == ["`project` takes a project, and there are two: p, q."])
    bind("d", SmallLanguage.dataset)
    #expect(run("features ./model.onnx") == ["features on dataset d of project p"])
    #expect(
      sentences("features ./model.onnx dataset=d project=q") == ["`project` has no effect beside `dataset`."])
  }

  // MARK: One value with several names

  @Test func `The same project opened twice is one, in one cell and over several`() {
    #expect(run("project ~/studies/hpv\nP = project /home/u/studies/hpv\ndataset").last == "dataset on P")
    #expect(run("p = project ~/studies/hpv\ndataset").last == "dataset on p")
    bind("other", SmallLanguage.project, SmallLanguage.others)
    #expect(sentences("dataset") == ["`dataset` works on a project, and there are two: p, other."])
  }

  @Test func `A second name for a value makes no second value`() {
    bind("df", SmallLanguage.features)
    #expect(run("kept = df\ncontrast outcomes=site") == ["contrast on kept"])
    #expect(run("mo = mosaic kept\na = mo.map\nb = mo.map\ndrop mo\nlabel by=age").last == "label on b")
    #expect(run("slide_map kept\nm = slide_map kept\nlabel m by=age").count == 3)
    #expect(
      sentences("drop a b\nlabel by=age") == ["`label` works on a map, and there are two: the unnamed Map, m."])
  }

  @Test func `A project opened again casts no doubt on what was made from it`() {
    #expect(run("p = project ~/studies/hpv\nd = dataset p\np = project ~/studies/hpv\nlabels d site").count == 4)
    #expect(recorder.notes.isEmpty)
    bind("p", SmallLanguage.project, SmallLanguage.others)
    run("labels d site")
    #expect(recorder.notes == ["d was made from an earlier p."])
  }

  // MARK: Projects

  @Test func `Values of another project are refused by name`() {
    bind("p", SmallLanguage.project)
    bind("q", SmallLanguage.project, SmallLanguage.others)
    bind("df", SmallLanguage.features)
    bind("l", SmallLanguage.labels, SmallLanguage.others)
    let found = session.check("contrast df outcomes=l").diagnostics
    #expect(
      found.map(\.sentence) == [
        "`l` belongs to the project /home/u/studies/lung, and `df` to /home/u/studies/hpv."
      ])
    #expect(found.map(\.span) == [21..<22])
    // Left out, one that would be refused is not meant.
    #expect(run("contrast df") == ["contrast on df"])
    bind("k", SmallLanguage.labels)
    #expect(run("contrast df") == ["contrast on df by labels k of project p"])
    #expect(remedies("contrast df outcomes=l") == ["k"])
    bind("m", SmallLanguage.map, SmallLanguage.others)
    #expect(run("place df map=m") == ["place on df"])
  }

  @Test func `A value whose project is no longer open is not meant by leaving it out`() {
    bind(nil, SmallLanguage.dataset, SmallLanguage.others)
    #expect(run("features ./model.onnx") == ["features on the unnamed Dataset"])
    bind("p", SmallLanguage.project)
    let found = session.check("features ./model.onnx").diagnostics
    #expect(
      found.map(\.sentence) == [
        "`the unnamed Dataset` belongs to the project /home/u/studies/lung, and open is /home/u/studies/hpv."
      ])
    #expect(found.map(\.remedy) == ["drop dataset"])
    #expect(run("drop dataset\nfeatures ./model.onnx").last == "features of project p")
    bind("e", SmallLanguage.dataset, SmallLanguage.others)
    #expect(remedies("features ./model.onnx") == ["features ./model.onnx dataset=e"])
    #expect(run("features ./model.onnx dataset=e") == ["features"])
    #expect(remedies("labels site") == ["labels e site"])
  }

  // MARK: Values for names

  @Test func `A slide stands where its name can, and labels where a column is looked at`() {
    bind("p", SmallLanguage.project)
    #expect(run("w = wsi S1\ngrid ./model.onnx slide=w") == ["wsi on p", "grid"])
    #expect(run("grid ./model.onnx") == ["grid of slide w"])
    #expect(run("grid ./model.onnx slide=S2") == ["grid of project p"])
    var names = SmallLanguage.columns.merging(SmallLanguage.network)
    bind("df", SmallLanguage.features, names)
    #expect(run("contrast df outcomes=site slide=w") == ["contrast on df"])
    #expect(sentences("v = wsi S2\nactivations df slide=v\ntiles df near=v:79") == [])
    #expect(sentences("v = wsi S2\ntiles df near=v:80").count == 1)
    names.names["slide"] = ["S2"]
    bind("df", SmallLanguage.features, names)
    #expect(sentences("contrast df outcomes=site slide=w") == ["There is no slide `S1`; the only one is S2."])
    bind("l", SmallLanguage.labels)
    bind("m", SmallLanguage.map, names)
    #expect(run("label m by=[l, age]") == ["label on m"])
  }

  // MARK: Dropping

  @Test func `The slot of a type is emptied by the type's name`() {
    #expect(
      run("project ~/studies/hpv\ndataset\ndrop project Dataset").last
        == "Dropped the unnamed Project and the unnamed Dataset.")
    #expect(session.workspace.bindings.isEmpty)
    #expect(sentences("drop project") == ["There is no unnamed Project."])
    bind("p", SmallLanguage.project)
    #expect(remedies("drop project") == ["p"])
    #expect(run("dataset\ndrop dataset p\nsession").last == "The session holds no values yet.")
    // A name of its own comes first.
    bind("map", SmallLanguage.features)
    bind(nil, SmallLanguage.map)
    #expect(run("drop map") == ["Dropped map."])
    #expect(run("drop map") == ["Dropped the unnamed Map."])
  }

  // MARK: What is said of it

  @Test func `The manual, completion and inspection say what leaving out means`() {
    bind("p", SmallLanguage.project)
    bind("d", SmallLanguage.dataset)
    let page = session.registry.manual.page(of: "features")?.text ?? ""
    #expect(page.contains("dataset=DATASET|none"))
    #expect(page.contains("left out, the only Dataset of the session; without one, all tiles"))
    let contrast = session.registry.manual.page(of: "contrast")?.text ?? ""
    #expect(contrast.contains("left out, those of the features, else the only Labels of the session)"))
    let candidates = session.complete("features ./model.onnx da", at: 24).candidates
    #expect(candidates.map(\.detail) == ["The tiles. Left out, d."])
    let inspection = session.inspect("features ./model.onnx", at: 3)
    #expect(inspection?.text.hasSuffix("Here it works on dataset d.") == true)
    #expect(session.complete("drop ", at: 5).candidates.map(\.text).contains("p"))
  }
}
