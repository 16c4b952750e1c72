import CommandLanguage
import Commands
import Testing

/// Each snippet of slideflow's page on layer activations, typed into a cell as it stands there.
@Suite("The page on layer activations")
struct SlideflowPageTests {
  struct Snippet: Sendable, CustomTestStringConvertible {
    let python: String
    /// What is to be typed instead, a remedy for each error of the cell.
    let answers: [String]
    var testDescription: String { python }

    init(_ python: String, _ answers: String...) {
      self.python = python
      self.answers = answers
    }
  }

  static let today = [
    Snippet(
      "features = P.generate_features('/path/to/trained_model')", "f = features /path/to/trained_model"),
    Snippet("from slideflow.model import DatasetFeatures", "help features"),
    Snippet(
      """
      dataset = P.dataset(299, 302)
      labels, unique_outcomes = dataset.labels('HPV')

      features = DatasetFeatures(
        model='/path/to/trained_model',
        dataset=dataset,
        annotations=labels
      )
      """, "d = dataset tile_px=299 tile_um=302", "l = labels d HPV",
      "f = features /path/to/trained_model dataset=d outcomes=l"),
    Snippet("features.activations", "activations"), Snippet("features.logits", "logits"),
    Snippet("features.locations", "locations"), Snippet("features.logits_mean()", "logits_mean"),
    Snippet("features.logits_predict()", "logits_predict"),
    Snippet("features.stats('/outdir', method='mean')", "stats outdir=/outdir method=mean"),
    Snippet("features.box_plots(range(100), '/outdir')", "box_plots features=0..<100 outdir=/outdir"),
    Snippet(
      """
      from slideflow.model import Features

      features = Features(layer='postconv')
      for img_batch in dataset:
          postconv_features = features(img_batch)
      """, "help model", "f = model PATH", "postconv_features = batch f index=0"),
    Snippet(
      """
      from slideflow import WSI
      from slideflow.model import Features

      slide = WSI(...)
      interface = Features('/model/path', layers='postconv')
      feature_grid = interface(slide)
      """, "help slide", "help model", "s = slide SLIDE", "interface = model /model/path",
      "f = feature_grid interface slide=s layers=postconv"),
    Snippet(
      """
      features = P.generate_features('/path/to/trained_model')
      mosaic = project.generate_mosaic(features)
      mosaic.save('mosaic.png')
      """, "f = features /path/to/trained_model", "m = mosaic f", "save m mosaic.png"),
    Snippet(
      """
      slideflow.Project.generate_mosaic(self, df, dataset=None, filters=None, outcomes=None, map_slide=None, \
      show_prediction=None, restrict_pred=None, umap_cache=None, max_tiles=0, use_float=False, low_memory=False, **kwargs)
      """, "mosaic df map_slide=none max_tiles=0 low_memory=false"),
    Snippet(
      """
      mosaic = project.generate_mosaic(...)
      mosiac.slide_map.save('umap.png')
      """, "m = mosaic", "save m.map umap.png"),
    Snippet(
      """
      # Get slide labels
      dataset = project.dataset(tile_px=299, tile_um=302)
      labels, unique_lables = dataset.labels('HPV_status')

      # Create the mosaic map and access the underlying SlideMap
      mosaic = project.generate_mosaic(...)

      # Label the slide map with our outcome
      mosiac.slide_map.label_by_slide(labels)

      # Save
      mosiac.slide_map.save('umap_labeled.png')
      """, "d = dataset tile_px=299 tile_um=302", "l = labels d HPV_status", "m = mosaic",
      "p = label m.map by=HPV_status", "save p umap_labeled.png"),
    Snippet(
      "mosaic = project.generate_mosaic(..., map_slide='centroid')", "m = mosaic map_slide=centroid"),
    Snippet(
      """
      mosaic = project.generate_mosaic(...)
      mosiac.slide_map.save_3d_plot('3d_plot.png', feature=497)
      """, "m = mosaic", "p = plot_3d m.map feature=497\nsave p 3d_plot.png"),
  ]

  @Test("each snippet is answered, line by line, with the same in this language", arguments: today)
  func answers(_ snippet: Snippet) {
    let found = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles()).check(snippet.python).diagnostics
    #expect(found.map { $0.remedy ?? "" } == snippet.answers)
  }

  @Test("what has no command yet is said not to be there")
  func notYet() {
    let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())
    let claimed = Set(CommandSet.registry.commands.flatMap(\.declaration.referenceNames))
    for row in CommandSet.registry.manual.referenceRows() where row.lines == nil {
      #expect(!claimed.contains(row.call))
      let first = language.check(row.example).diagnostics.first?.sentence ?? ""
      #expect(
        row.call.contains("(") || first.contains("There is no command for `\(row.call)` of slideflow yet"),
        "\(row.example)")
    }
  }

  /// Commands that claim calls which none does today.
  private var later: [Command] {
    func command(
      _ name: String, _ call: String, _ subject: SubjectDeclaration?, _ parameters: [ParameterDeclaration]
    ) -> Command {
      Command(
        CommandDeclaration(
          name: name, referenceNames: [call], topic: "Later", summary: "Later.", subject: subject,
          parameters: parameters, result: ValueType("Picture"))
      ) { _ in nil }
    }
    let model = SubjectDeclaration(name: "model", types: [ValueType("Model")], documentation: "The model.")
    let layers = ParameterDeclaration("layers", .list(.name(.layer)), "Layers.")
    return [
      command(
        "later_solid", "SlideMap.save_3d_plot",
        SubjectDeclaration(name: "map", types: [ValueType("Map")], documentation: "The map."),
        [ParameterDeclaration("feature", .integer(0...9999), "Which.")]),
      command(
        "later_slide", "WSI", nil,
        [ParameterDeclaration("slide", .text, positional: true, required: true, "The slide.")]
      ),
      command(
        "later_grid", "Features(slide)", model, [ParameterDeclaration("slide", .value([]), "The slide."), layers]),
    ]
  }

  @Test(
    "a call that a command claims is answered with its line",
    arguments: [
      ("df.box_plots(range(100), '/outdir')", ["box_plots df features=0..<100 outdir=/outdir"]),
      (
        "mosaic = P.generate_mosaic(df)\nmosiac.slide_map.save_3d_plot('3d_plot.png', feature=497)",
        ["m = mosaic df", "p = later_solid m.map feature=497\nsave p 3d_plot.png"]
      ),
      (
        "slide = WSI('a.svs')\ninterface = Features('/model/path', layers='postconv')\nfeature_grid = interface(slide)",
        [
          "slide = later_slide a.svs", "interface = model /model/path",
          "feature_grid = later_grid interface slide=slide layers=postconv",
        ]
      ),
    ])
  func claimedLater(python: String, lines: [String]) {
    // Of two commands that claim a call, the first counts.
    let calls = Set(later.flatMap(\.declaration.referenceNames))
    let others = CommandSet.registry.commands.filter { calls.isDisjoint(with: $0.declaration.referenceNames) }
    let registry = Registry(
      commands: later + others, valueTypes: CommandSet.registry.valueTypes, reference: CommandSet.registry.reference)
    let found = CommandInterpreter(registry: registry, files: LocalFiles()).check(python).diagnostics
    #expect(found.map { $0.remedy ?? "" } == lines)
  }
}
