import Analysis
import CommandLanguage
import Inference
import Slides
import Workflows

// Enums of the libraries whose raw values are the words of the language.
extension DistanceMetric: ParameterChoice {}
extension EmbeddingParameters.Initialisation: ParameterChoice {}
extension EmbeddingParameters.Method: ParameterChoice {}
extension FeatureExport.Layout: ParameterChoice {}
extension InferenceSettings.Precision: ParameterChoice {}
extension MapRequest.SlidePoint: ParameterChoice {}
extension MosaicRequest.Resolution: ParameterChoice {}
extension MosaicRequest.Selection: ParameterChoice {}
extension OutputReading.Asked: ParameterChoice {}
extension QualityCheck: ParameterChoice {}
extension RegionMethod: ParameterChoice {}
extension SlidePredictions.Quantity: ParameterChoice {}
extension StainNormalizer.Method: ParameterChoice {}
extension Standardization.Channels: ParameterChoice {}
extension Standardization.InputRange: ParameterChoice {}
extension TileExtraction.Format.Picture: ParameterChoice {}
extension TileFormatChoice: ParameterChoice {}
extension TileImportRequest.Places: ParameterChoice {}

/// What a table has a row for.
enum TableRows: String, ParameterChoice { case slide, patient }
