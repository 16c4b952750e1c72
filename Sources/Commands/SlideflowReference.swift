import CommandLanguage

/// The calls of slideflow that users bring with them: those of its page on layer activations, and their neighbours.
///
/// A command that does what a call does names it among its `referenceNames`; then `help slideflow`, the reference page
/// and the answer to a line of Python give the command. Until then they say that there is none yet.
enum SlideflowReference {
  static let reference = Reference(
    name: "slideflow", modules: ["sf", "slideflow"], savingCommand: "save",
    calls: projects + features + objects + maps)

  private static let projects = [
    ReferenceCall(
      "Project", "P = sf.Project('tessera-demo')", "opens a project", arguments: ["root=path"]),
    ReferenceCall(
      "Project.dataset", "dataset = P.dataset(tile_px=299, tile_um=302)", "chooses slides and their tiles",
      arguments: ["tile_px", "tile_um", "filters", "filter_blank", "min_tiles", "config=", "splits="]),
    ReferenceCall(
      "Dataset.labels", "labels, unique = dataset.labels('HPV_status')", "a label for each slide",
      arguments: ["headers=column", "use_float", "assign=", "format="]),
    ReferenceCall(
      "Project.extract_tiles", "P.extract_tiles(tile_px=299, tile_um=302)", "cuts slides into tiles",
      arguments: [
        "tile_px", "tile_um", "filters", "filter_blank", "source=sources", "stride_div", "roi_method",
        "roi_filter_method", "skip_extracted", "qc", "normalizer", "normalizer_source", "whitespace_fraction",
        "whitespace_threshold", "grayspace_fraction", "grayspace_threshold", "img_format", "shuffle", "num_threads=",
        "report=",
      ]),
  ]

  private static let features = [
    ReferenceCall(
      "Project.generate_features", "features = P.generate_features('models/hpv.onnx')",
      "activations of every tile of a dataset",
      arguments: ["model=@", "dataset", "filters", "filter_blank", "min_tiles", "max_tiles", "outcomes"]),
    ReferenceCall(
      "DatasetFeatures",
      "features = DatasetFeatures(model='models/hpv.onnx', dataset=dataset, annotations=labels)", "the same",
      arguments: ["model=@", "dataset", "annotations=outcomes", "labels=outcomes", "cache="]),
    ReferenceCall(
      "DatasetFeatures.activations", "features.activations['DEMO-01'][0:5]", "(num_tiles, num_features) of each slide",
      items: ["slide", "tiles", "columns"]),
    ReferenceCall(
      "DatasetFeatures.logits", "features.logits['DEMO-01']", "(num_tiles, num_logits) of each slide",
      items: ["slide", "tiles", "columns"]),
    ReferenceCall(
      "DatasetFeatures.locations", "features.locations['DEMO-01']", "(num_tiles, 2) of each slide",
      items: ["slide", "tiles"]),
    ReferenceCall(
      "DatasetFeatures.logits_mean", "features.logits_mean()", "the mean logits of each slide"),
    ReferenceCall(
      "DatasetFeatures.logits_percent", "features.logits_percent()", "the share of each outcome among a slide's tiles",
      arguments: ["prediction_filter=restrict_pred"]),
    ReferenceCall(
      "DatasetFeatures.logits_predict", "features.logits_predict()", "the prediction for each slide",
      arguments: ["prediction_filter=restrict_pred"]),
    ReferenceCall(
      "DatasetFeatures.stats", "features.stats('/outdir', method='mean')", "compares features between outcomes",
      arguments: ["outdir", "method", "threshold"]),
    ReferenceCall(
      "DatasetFeatures.box_plots", "features.box_plots(range(100), '/outdir')", "box plots of features by outcome",
      arguments: ["features", "outdir"]),
    ReferenceCall(
      "DatasetFeatures.to_csv", "features.to_csv('features.csv')", "writes features to a file", arguments: ["path"]),
  ]

  private static let objects = [
    ReferenceCall(
      "Features", "interface = Features('models/hpv.onnx', layers='postconv')", "a network that gives activations",
      arguments: ["path=model"], instances: ["Features(slide)", "Features(batch)"], nearest: "model models/hpv.onnx"),
    ReferenceCall(
      "Features(batch)", "batch_features = interface(img_batch)", "activations of one batch of images",
      arguments: ["images="], added: ["index=0"]),
    ReferenceCall(
      "WSI", "slide = WSI('slides/DEMO-01.svs', 299, 302)", "a whole-slide image",
      arguments: ["path=slide", "tile_px", "tile_um", "stride_div=stride_div", "roi_method=roi_method", "mpp"]),
    ReferenceCall(
      "Features(slide)", "feature_grid = interface(slide)", "activations over a whole slide, as a grid",
      arguments: ["slide"], maker: "WSI"),
  ]

  private static let maps = [
    ReferenceCall(
      "Project.generate_mosaic", "mosaic = P.generate_mosaic(features, map_slide='centroid')",
      "lays tiles over a map of their activations",
      arguments: [
        "df=@", "dataset", "filters", "filter_blank", "outcomes", "map_slide", "show_prediction", "restrict_pred",
        "predict_on_axes", "max_tiles", "umap_cache", "use_float", "low_memory", "resolution", "num_tiles_x",
        "expanded",
        "leniency", "tile_select", "max_dist", "relative_size", "normalizer", "normalizer_source",
      ]),
    ReferenceCall("Mosaic.save", "mosaic.save('mosaic.png')", "writes the picture", arguments: ["filename=path"]),
    ReferenceCall("Mosaic.slide_map", "mosaic.slide_map", "the map under a mosaic", member: "map"),
    ReferenceCall(
      "SlideMap.from_features", "slide_map = sf.SlideMap.from_features(features)", "maps activations (UMAP)",
      arguments: ["df=@"]),
    ReferenceCall("SlideMap.save", "slide_map.save('umap.png')", "writes the plot", arguments: ["filename=path"]),
    ReferenceCall(
      "SlideMap.label_by_slide", "slide_map.label_by_slide(labels)", "colours the map by a label of each slide",
      arguments: ["slide_labels=by"], changesReceiver: true),
    ReferenceCall(
      "SlideMap.save_3d_plot", "slide_map.save_3d_plot('3d_plot.png', feature=497)",
      "the map with a feature as its third dimension", arguments: ["filename=>", "z=", "feature", "subsample"]),
  ]
}
