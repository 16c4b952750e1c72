import FeatureData

extension SelectedTiles: TileSource {
  package func tiles() -> TileCollection {
    var collection = tileMap?.tiles() ?? features.tiles()
    collection.chosen = rows.map { $0.map(Int.init) }
    return collection
  }
}
