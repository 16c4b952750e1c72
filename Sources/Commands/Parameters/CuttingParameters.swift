import CommandLanguage
import Slides
import Workflows

/// How tiles are cut from slides, besides their size.
struct CuttingParameters: ParameterGroup {
  /// How tissue is found.
  enum TissueSearch: String, ParameterChoice { case otsu }

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
  @Parameter("Tiles inside the regions of interest where there are any (auto), `inside`, `outside`, or all (ignore).")
  var roiMethod = RegionMethod.auto
  @Parameter("A tile counts as inside by its center, or when this share of it lies inside.")
  var roiFilterMethod = RegionCriterion.centre
  @Parameter(
    "Finds the tissue by Otsu's threshold on a small picture of the slide.", as: .optional(TissueSearch.parameterType),
    shown: "none")
  var qc: TissueSearch?
  @Parameter(
    "Leaves out tiles of which more than this share is no tissue.", in: 0...1,
    only: [.with(\CuttingParameters.$qc, .otsu)])
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
    if case .fraction(let fraction) = roiFilterMethod { cutting.regionFraction = fraction }
    cutting.usesTissueMask = qc == .otsu
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
      ($strideDiv.isGiven, $strideDiv.name), ($roiMethod.isGiven, $roiMethod.name),
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
    "Regions of interest: ROI_name, X_base, Y_base in pixels of level 0 as OpenSlide counts them, from the corner of the "
      + "whole slide; QuPath counts from that of the scanned part.",
    as: .path(.existingFile(extensions: ["csv"])))
  var roi: String?
}
