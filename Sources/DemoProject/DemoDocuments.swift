import FeatureData
import Files
import Foundation

/// The texts of a demo project, in slideflow's forms.
enum DemoDocuments {
  static let settings = """
    {
     "name": "Tessera demo",
     "annotations": "./annotations.csv",
     "dataset_config": "./datasets.json",
     "sources": [
      "DEMO"
     ],
     "models_dir": "./models",
     "eval_dir": "./eval",
     "slideflow_version": "3.0.2"
    }
    """

  static let datasets = """
    {
     "DEMO": {
      "slides": "./slides",
      "roi": "./roi",
      "tiles": "./tiles",
      "tfrecords": "./tfrecords"
     }
    }
    """

  static func annotations(of slides: [DemoSlide]) -> String {
    let rows = slides.map { slide in
      [
        slide.patient, slide.name, slide.outcome, slide.site.name, String(format: "%.4f", slide.tumourFraction),
        String(format: "%.1f", slide.age),
      ]
    }
    return table([["patient", "slide", "HPV_status", "site", "tumor_fraction", "age"]] + rows)
  }

  /// What is on each tile: `index` is the record's number, `second_share` the part that the second tissue takes.
  static func tissues(of slides: [DemoSlide]) -> String {
    var rows = [["slide", "index", "loc_x", "loc_y", "tissue", "second_tissue", "second_share"]]
    for slide in slides {
      for (index, tile) in slide.tiles.enumerated() {
        let second = tile.content.neighbour
        rows.append([
          slide.name, "\(index)", "\(tile.location.x)", "\(tile.location.y)", tile.tissue.name, second?.name ?? "",
          second == nil ? "0" : String(format: "%.3f", Double(tile.content.neighbourShare)),
        ])
      }
    }
    return table(rows)
  }

  private static func table(_ rows: [[String]]) -> String {
    rows.map { CSVText.line($0.map(CSVText.field), end: "\n") }.joined()
  }

  static func modelParameters(plan: DemoPlan) -> String {
    """
    {
     "slideflow_version": "3.0.2",
     "project": "Tessera demo",
     "backend": "torch",
     "model_name": "HPV_status-demo",
     "full_model_name": "HPV_status-demo",
     "stage": "training",
     "img_format": "jpeg",
     "tile_px": \(plan.tileSidePixels),
     "tile_um": \(plan.tileSideMicrons),
     "max_tiles": 0,
     "min_tiles": 0,
     "model_type": "classification",
     "outcomes": [
      "HPV_status"
     ],
     "input_features": null,
     "input_feature_sizes": null,
     "input_feature_labels": null,
     "outcome_labels": {
      "0": "negative",
      "1": "positive"
     },
     "dataset_config": "./datasets.json",
     "sources": [
      "DEMO"
     ],
     "annotations": "./annotations.csv",
     "hp": {
      "model": "demo",
      "tile_px": \(plan.tileSidePixels),
      "tile_um": \(plan.tileSideMicrons),
      "loss": "CrossEntropy",
      "normalizer": null,
      "normalizer_source": null,
      "uq": false
     }
    }
    """
  }
}
