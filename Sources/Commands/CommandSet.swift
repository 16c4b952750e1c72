package import CommandLanguage

/// All commands of the product; `help`, `session`, `drop` and `echo` come from the language itself.
package enum CommandSet {
  package static let registry: Registry = Registry(
    commands: [
      DemoCommand.command, ProjectCommand.command, DatasetCommand.command, LabelsCommand.command,
      SlideCommand.command, ExtractTilesCommand.command, ImportTilesCommand.command, TilesCommand.command,
      NormalizeCommand.command,
      ModelCommand.command, FeaturesCommand.command, ImportFeaturesCommand.command,
      FeatureGridCommand.command, BatchCommand.command,
    ] + TileTableCommands.commands + SlidePredictionCommands.commands + [
      StatsCommand.command, SlideMapCommand.command, LabelCommand.command, MosaicCommand.command, SaveCommand.command,
    ], valueTypes: valueTypeDeclarations, reference: SlideflowReference.reference,
    remember: Journal.remember)
}
