import CommandLanguage
import Slides
import Workflows

/// How tiles are cut from slides, besides their size.
struct CuttingParameters: ParameterGroup {
  /// When a tile counts as inside of a region.
  enum RegionCriterion: ParameterValue {
    case centre
    /// At least this share of it.
    case fraction(Double)

    static let parameterType = ParameterType.either([.choice(["center"]), .number(0...1)])
    init?(argument: BoundValue) {
      if let number = argument.number {
        self = .fraction(number)
      } else if argument.text == "center" {
        self = .centre
      } else {
        return nil
      }
    }
    var spelling: String? { if case .centre = self { "center" } else { nil } }
  }

  @Parameter("1 lays tiles side by side, 2 lets them overlap by half.", in: 0.01...1000) var strideDiv = 1.0
  @Parameter(ScaleParameter.documentation, unit: "µm") var mpp: ScaleParameter?
  @Parameter(
    "Tiles inside the regions of interest where there are any (auto), `inside`, `outside`, or all (ignore). In CSV a region "
      + "inside another is a hole in it; GeoJSON and XML say themselves what is a hole.")
  var roiMethod = RegionMethod.auto
  @Parameter(
    "Of the regions of interest only those of these classes; slides without such a region are left out, with "
      + "`roi_method=outside` taken whole.")
  var roiClass: [String]?
  @Parameter("A tile counts as inside by its center, or when this share of it lies inside.")
  var roiFilterMethod = RegionCriterion.centre
  @Parameter(
    "What else leaves a tile out, one or several: `otsu` where there is no tissue, by Otsu's threshold on a small picture of "
      + "the slide; `pen` ink of markers, by its colour; `fold` tissue that lies double, by its density; `blur` what is out "
      + "of focus, by how little it changes when it is blurred once more.",
    as: .optional(.list(QualityCheck.parameterType)), shown: "none")
  var qc: [QualityCheck]?
  @Parameter(
    "Leaves out tiles of which more than this share is no tissue.", in: 0...1,
    only: [.with(\CuttingParameters.$qc, holding: QualityCheck.otsu)])
  var filterThreshold = 0.6
  @Parameter("Leaves out tiles with more white pixels; 1 keeps them.", in: 0...1) var whitespaceFraction = 1.0
  @Parameter(
    "The mean of the channels above which a pixel is white.", in: 0...255,
    only: [.with(\CuttingParameters.$whitespaceFraction)])
  var whitespaceThreshold = 230.0
  @Parameter("Leaves out tiles with more grey pixels; 1 keeps them.", in: 0...1) var grayspaceFraction = 0.6
  @Parameter("The saturation below which a pixel is grey.", in: 0...1) var grayspaceThreshold = 0.05

  var cutting: TilePlan.Cutting {
    var cutting = TilePlan.Cutting()
    cutting.strideDivisor = strideDiv
    cutting.regionMethod = roiMethod
    cutting.regionClasses = roiClass
    if case .fraction(let fraction) = roiFilterMethod { cutting.regionFraction = fraction }
    cutting.checks = QualityCheck.allCases.filter { qc?.contains($0) ?? false }
    cutting.filterThreshold = filterThreshold
    cutting.filter.whitespaceFraction = whitespaceFraction
    cutting.filter.whitespaceThreshold = whitespaceThreshold
    cutting.filter.grayspaceFraction = grayspaceFraction
    cutting.filter.grayspaceThreshold = grayspaceThreshold
    return cutting
  }

  /// Nil if nothing of it is given.
  var given: TilePlan.Cutting? { firstGiven == nil ? nil : cutting }

  /// The name of the first parameter that is given, the scale of the slide aside.
  var firstGiven: String? {
    let states: [(isGiven: Bool, name: String)] = [
      ($strideDiv.isGiven, $strideDiv.name), ($roiMethod.isGiven, $roiMethod.name), ($roiClass.isGiven, $roiClass.name),
      ($roiFilterMethod.isGiven, $roiFilterMethod.name), ($qc.isGiven, $qc.name),
      ($filterThreshold.isGiven, $filterThreshold.name), ($whitespaceFraction.isGiven, $whitespaceFraction.name),
      ($whitespaceThreshold.isGiven, $whitespaceThreshold.name), ($grayspaceFraction.isGiven, $grayspaceFraction.name),
      ($grayspaceThreshold.isGiven, $grayspaceThreshold.name),
    ]
    return states.first(where: \.isGiven)?.name
  }
}

/// Where regions of interest are read from.
struct RegionParameters: ParameterGroup {
  @Parameter(
    "Regions of interest: slideflow's CSV (ROI_name, X_base, Y_base, label), GeoJSON as QuPath exports it, or the XML of "
      + "ImageScope; in pixels of level 0. CSV and XML are counted from the corner of the whole slide, as OpenSlide counts, "
      + "GeoJSON from that of the scanned part, as QuPath does.",
    as: .path(.existingFile(extensions: ["csv", "geojson", "json", "xml"])))
  var roi: String?
}
