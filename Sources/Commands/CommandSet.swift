package import CommandLanguage

/// All commands of the product, in the order in which `help` lists them; `help`, `session`, `drop` and `echo` come from
/// the language itself.
package enum CommandSet {
  package static let registry: Registry = Registry(
    commands: [
      Command(DemoCommand.self), Command(ProjectCommand.self), Command(DatasetCommand.self),
      Command(LabelsCommand.self), Command(SlideCommand.self), Command(ExtractTilesCommand.self),
      Command(ImportTilesCommand.self), Command(TilesCommand.self), Command(NormalizeCommand.self),
      Command(ModelCommand.self), Command(FeaturesCommand.self), Command(ImportFeaturesCommand.self),
      Command(FeatureGridCommand.self), Command(BatchCommand.self), Command(ActivationsCommand.self),
      Command(LogitsCommand.self), Command(LocationsCommand.self), Command(LogitsMeanCommand.self),
      Command(LogitsPercentCommand.self), Command(LogitsPredictCommand.self), Command(StatsCommand.self),
      Command(BoxPlotsCommand.self), Command(BatchCheckCommand.self),
      Command(SlideMapCommand.self), Command(LabelCommand.self), Command(Plot3DCommand.self),
      Command(MosaicCommand.self), Command(SelectCommand.self),
      Command(ClusterCommand.self),
      Command(RenameCommand.self), Command(ExploreCommand.self),
      Command(TableCommand.self), Command(SaveCommand.self),
    ], reference: SlideflowReference.reference, terms: FieldTerms.all, record: Journal.record)
}
