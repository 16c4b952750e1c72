import CommandLanguage

/// What people type first for things that no single command does.
enum FieldTerms {
  static let all: [FieldTerm] = [
    FieldTerm(
      ["neighbors", "neighbours", "neighbor", "nearest", "knn", "nn", "similar", "search", "retrieve", "retrieval"],
      "The tiles nearest to one are shown by `tiles near=`.", instead: "tiles FEATURES near=$1",
      "tiles FEATURES near=SLIDE:0"),
    FieldTerm(
      ["combat", "neurocombat", "harmony", "harmonypy", "harmonize", "harmonise", "scanorama", "bbknn", "mnn"],
      "Nothing is corrected for batches here; `batch_check` says whether an outcome's signal could be that of a batch.",
      instead: "batch_check $1 by=$by", "batch_check by=$by", "batch_check by=$1", "batch_check $1 by=COLUMN",
      "batch_check by=COLUMN"),
    FieldTerm(
      ["filter", "filters", "where", "query", "exclude"],
      "Slides are chosen where a dataset is made, by `filters`.", instead: "dataset filters={$pairs}",
      "dataset filters={COLUMN: [VALUE]}"),
    FieldTerm(
      ["head", "tail", "show", "print", "display", "view", "describe", "summary", "info", "get"],
      "A name alone on a line shows its value.", instead: "$1", "session"),
    FieldTerm(
      ["create_project", "new_project", "init", "create", "new", "setup"],
      "A new project is made by `project` with `create=true`.", instead: "project PATH create=true"),
    FieldTerm(
      ["load", "read", "load_data", "open_file", "from_file"],
      "A project is opened by `project`, a network by `model`, and features from files by `import_features`.",
      instead: "project PATH"),
    FieldTerm(
      ["roi", "rois", "region", "regions"],
      "Regions of interest are given to `slide` and `extract_tiles` as `roi=`.", instead: "slide SLIDE roi=PATH"),
    FieldTerm(
      ["list", "values", "variables", "vars", "globals", "who", "whos", "objects", "workspace"],
      "The values are listed by `session`.", instead: "session"),
    FieldTerm(
      ["clear", "reset", "delete", "remove", "del", "forget"],
      "Values are forgotten by `drop`; making one anew replaces it.", instead: "drop $1", "drop NAME"),
    FieldTerm(
      ["train", "fit", "finetune", "train_model"],
      "Nothing is trained here; a trained network is opened by `model`.", instead: "model PATH"),
  ]
}
