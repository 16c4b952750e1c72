/// The script that every live view brings along, in the place where anywidget expects the view's own.
///
/// A notebook keeps the state of its views where its user wants so, and every view sends its state when a page is loaded;
/// with the loader in it instead of the view's script that state stays small, and the script comes once for all views
/// of a page. It also knows whether the kernel is there, numbers the questions, and shows the picture of a view whose
/// kernel is gone.
///
/// Its conversation with the kernel is in custom messages (`WidgetConversation`). What a view's script may use is `host`.
enum WidgetLoader {
  static let script = #"""
    // Scripts by digest, for all views of the page.
    const sources = (globalThis.__widgetSources ??= new Map());
    // Initialisation and drawing get models of their own for one widget.
    const links = new Map();
    const gone = () => Object.assign(new Error("The kernel is gone: run the cell again."), { gone: true });
    // A view of bytes begins anywhere, an array of numbers does not.
    const copy = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

    function make(name, properties, ...children) {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...children);
      return element;
    }

    const note = (text) => make("p", { role: "status", textContent: text });

    function install(digest, [script, style]) {
      const sheet = make("style", { textContent: new TextDecoder().decode(style) });
      sheet.dataset.widget = digest;
      document.head.append(sheet);
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      const loading = import(url);
      sources.set(digest, loading);
      loading.catch(() => sources.delete(digest) && sheet.remove());
    }

    function connect(model) {
      const asked = new Map(), heard = new Map(), losses = new Set(), views = new Set();
      let isConnected = true, digest, text, picture;
      // Every page hears every answer: two pages must not count alike.
      let number = Math.floor(Math.random() * 2 ** 40);

      function take(number) {
        const question = asked.get(number);
        clearTimeout(question?.timer);
        asked.delete(number);
        return question;
      }

      function lose() {
        if (!isConnected) return;
        isConnected = false;
        for (const number of [...asked.keys()]) take(number).reject(gone());
        for (const callback of [...losses]) callback();
      }

      function post(content, buffers = []) {
        try {
          Promise.resolve(model.send(content, undefined, buffers)).catch(lose);
          return true;
        } catch {
          lose();
          return false;
        }
      }

      const ask = (content, buffers) => new Promise((resolve, reject) => {
        const mine = ++number;
        const late = () => take(mine)?.reject(new Error("The kernel gave no answer."));
        asked.set(mine, { resolve, reject, timer: setTimeout(late, 30_000) });
        if (!post({ ...content, ask: mine }, buffers)) take(mine)?.reject(gone());
      });

      // Only sending tells whether the kernel is there.
      const greet = () => { isConnected = post({ widget: "ready" }); };

      function become(state) {
        ({ digest, text, picture } = state);
        for (const draw of views) draw();
      }

      function hear(content, buffers) {
        if (content.say) {
          for (const callback of [...(heard.get(content.say) ?? [])]) callback(content, buffers);
        } else if (content.later) clearTimeout(asked.get(content.answer)?.timer);
        else if (content.error) take(content.answer)?.reject(new Error(content.error));
        else if ("answer" in content) take(content.answer)?.resolve({ content, buffers });
        else if (content.widget === "source") {
          if (!sources.has(content.digest)) {
            if (!buffers.length) return void post({ widget: "need" });
            install(content.digest, buffers);
          }
          if (digest !== content.digest) become({ digest: content.digest });
        } else if (content.widget === "keepsake") {
          lose();
          become({ text: content.text, picture });
        } else if (content.widget === "picture" && text !== undefined) {
          become({ text, picture: URL.createObjectURL(new Blob(buffers, { type: "image/png" })) });
        }
      }

      function host(ends) {
        const add = (set, callback) => {
          const end = () => set.delete(callback);
          set.add(callback);
          ends.push(end);
          return end;
        };
        return {
          ask,
          title: model.get("title"),
          get isConnected() { return isConnected; },
          tell: (content, buffers) => void post(content, buffers),
          on: (kind, callback) => add(heard.get(kind) ?? heard.set(kind, new Set()).get(kind), callback),
          onDisconnect: (callback) => add(losses, callback),
        };
      }

      function keepsake() {
        if (!picture) post({ widget: "picture" });
        const image = picture ? [make("img", { src: picture, alt: text, style: "max-width: 100%" })] : [];
        return make("figure", {}, ...image, note(text), note("A picture of the view: run the cell again to use it."));
      }

      // Draws the view into `el`, anew whenever its state changes; returns what ends that.
      function show(el) {
        let turn = 0, leave = () => {};
        const draw = async () => {
          const mine = ++turn;
          leave();
          leave = () => {};
          if (text !== undefined) return el.replaceChildren(keepsake());
          if (!digest) return el.replaceChildren(note("Waiting for the kernel…"));
          const ends = [];
          leave = () => { for (const end of ends) end(); };
          try {
            const script = await sources.get(digest);
            if (mine !== turn) return;
            el.replaceChildren();
            const end = script.render({ host: host(ends), el });
            if (typeof end === "function") ends.push(end);
          } catch (error) {
            if (mine === turn) el.replaceChildren(note("The view cannot be shown: " + error.message));
          }
        };
        views.add(draw);
        draw();
        return () => {
          views.delete(draw);
          turn += 1;
          leave();
        };
      }

      model.on("msg:custom", (content, buffers) => hear(content, (buffers ?? []).map(copy)));
      model.on("comm_live_update", greet);
      greet();
      return show;
    }

    function link(model) {
      const id = model.get("widget");
      if (!links.has(id)) links.set(id, connect(model));
      return links.get(id);
    }

    export default {
      initialize: ({ model }) => void link(model),
      render: ({ model, el }) => link(model)(el),
    };
    """#
}
