/// What is the same in every page: its frame and its style.
enum MosaicPageSource {
  /// Nothing is asked for from anywhere but the page's own folder.
  private static let policy =
    "default-src 'none'; img-src 'self' data: file:; script-src 'unsafe-inline'; style-src 'unsafe-inline'"

  static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <title>Mosaic</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <header>
    <h1 id="title"></h1>
    <nav>
    <button id="closer" type="button" title="Zoom in (+)" aria-label="Zoom in">+</button>
    <button id="farther" type="button" title="Zoom out (−)" aria-label="Zoom out">−</button>
    <button id="whole" type="button" title="Show the whole mosaic (0)">Whole</button>
    </nav>
    </header>
    <main>
    <canvas id="mosaic" tabindex="0" role="application" aria-describedby="help"
      aria-label="Mosaic of tiles"></canvas>
    <aside id="key" hidden></aside>
    <div id="tip" hidden></div>
    </main>
    <footer>
    <p id="help">Drag to move, turn the wheel, pinch or double-click to zoom. With the keyboard: arrows go from tile to tile,
    + and − zoom, 0 shows the whole.</p>
    <p id="caption"></p>
    <p id="statement"></p>
    </footer>
    <div id="spoken" role="status" aria-live="polite"></div>

    """

  static let tail = """
    <script>
    \(MosaicPageScript.text)
    </script>
    </body>
    </html>

    """

  private static let style = """
    :root { color-scheme: light dark; --page: #ffffff; --ink: #1f2328; --soft: #5f6770; --ground: #e9ebee;
      --context: #d3d7dc; --line: #c9ced4; --mark: #0b57d0; --box: rgba(255, 255, 255, 0.94); }
    @media (prefers-color-scheme: dark) {
      :root { --page: #16191d; --ink: #e6e9ed; --soft: #a7b0ba; --ground: #21262c; --context: #353b42; --line: #3a424b;
        --mark: #8ab4f8; --box: rgba(22, 25, 29, 0.94); }
    }
    * { box-sizing: border-box; }
    html, body { height: 100%; margin: 0; }
    body { display: flex; flex-direction: column; background: var(--page); color: var(--ink);
      font: 14px/1.4 system-ui, "DejaVu Sans", sans-serif; }
    header { display: flex; align-items: center; gap: 12px; padding: 8px 14px; }
    h1 { flex: 1; margin: 0; font-size: 16px; overflow-wrap: anywhere; }
    nav { display: flex; gap: 6px; }
    button { font: inherit; min-width: 36px; min-height: 32px; padding: 2px 10px; color: var(--ink);
      background: var(--page); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
    button:hover { background: var(--ground); }
    main { position: relative; flex: 1; min-height: 200px; overflow: hidden; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; touch-action: none;
      cursor: grab; }
    canvas.held { cursor: grabbing; }
    canvas:focus-visible, button:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
    #key, #tip { position: absolute; max-width: min(320px, 45%); padding: 8px 12px; background: var(--box);
      border: 1px solid var(--line); border-radius: 6px; overflow-wrap: anywhere; }
    #key { top: 10px; right: 10px; max-height: calc(100% - 20px); overflow: auto; }
    #key h2 { margin: 0 0 4px; font-size: 13px; }
    #key ul { margin: 0; padding: 0; list-style: none; }
    #key li { display: flex; gap: 8px; align-items: baseline; }
    #key li span:last-child { margin-left: auto; padding-left: 12px; color: var(--soft); }
    #key i { flex: none; width: 11px; height: 11px; border-style: solid; border-width: 3px; }
    #key .ramp { width: 200px; max-width: 100%; height: 14px; border: 1px solid var(--line); }
    #key .ends { display: flex; justify-content: space-between; font-variant-numeric: tabular-nums; }
    #tip { pointer-events: none; font-size: 13px; }
    #tip strong { display: block; }
    footer { max-height: 24vh; overflow: auto; padding: 6px 14px 10px; color: var(--soft); font-size: 13px; }
    footer p { margin: 2px 0; overflow-wrap: anywhere; }
    #statement { font-family: ui-monospace, monospace; font-size: 12px; }
    p:empty { display: none; }
    #spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    """
}
