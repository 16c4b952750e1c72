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
    // Script by its digest, for all views of the page.
    const sources = (globalThis.__widgetSources ??= new Map());
    // The two halves of a widget get different models.
    const links = new Map();
    const patience = 30_000;
    const gone = () => Object.assign(new Error("The kernel is gone: run the cell again."), { gone: true });
    // A view of bytes begins anywhere, an array of numbers cannot.
    const copy = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

    function note(text) {
      const line = document.createElement("p");
      line.setAttribute("role", "status");
      line.textContent = text;
      return line;
    }

    function install(digest, [script, style]) {
      if (style.byteLength && !document.querySelector(`style[data-widget="${digest}"]`)) {
        const sheet = document.createElement("style");
        sheet.dataset.widget = digest;
        sheet.textContent = new TextDecoder().decode(style);
        document.head.append(sheet);
      }
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      return import(url).finally(() => URL.revokeObjectURL(url));
    }

    class Link {
      isConnected = true;
      asked = new Map();
      heard = new Map();
      losses = new Set();
      views = new Set();
      // Every page hears every answer, so two of them must not count alike.
      number = Math.floor(Math.random() * 2 ** 40);

      constructor(model) {
        this.model = model;
        model.on("msg:custom", (content, buffers) => this.hear(content, (buffers ?? []).map(copy)));
        model.on("comm_live_update", () => this.greet());
        this.greet();
      }

      // Whether the kernel is there shows only when something is sent.
      greet() { this.isConnected = this.post({ widget: "ready" }); }

      post(content, buffers = []) {
        try {
          Promise.resolve(this.model.send(content, undefined, buffers)).catch(() => this.lose());
          return true;
        } catch {
          this.lose();
          return false;
        }
      }

      lose() {
        if (!this.isConnected) return;
        this.isConnected = false;
        for (const number of [...this.asked.keys()]) this.take(number)?.reject(gone());
        for (const callback of [...this.losses]) callback();
      }

      take(number) {
        const question = this.asked.get(number);
        clearTimeout(question?.timer);
        this.asked.delete(number);
        return question;
      }

      ask(content, buffers) {
        return new Promise((resolve, reject) => {
          const number = ++this.number;
          const timer = setTimeout(() => this.take(number)?.reject(new Error("The kernel gave no answer.")), patience);
          this.asked.set(number, { resolve, reject, timer });
          if (!this.post({ ...content, ask: number }, buffers)) this.take(number)?.reject(gone());
        });
      }

      hear(content, buffers) {
        if ("answer" in content) {
          if (content.later) clearTimeout(this.asked.get(content.answer)?.timer);
          else if ("error" in content) this.take(content.answer)?.reject(new Error(content.error));
          else this.take(content.answer)?.resolve({ content, buffers });
        } else if ("say" in content) {
          for (const callback of [...(this.heard.get(content.say) ?? [])]) callback(content, buffers);
        } else if (content.widget === "source") {
          const { digest } = content;
          if (!sources.has(digest) && !buffers.length) return void this.post({ widget: "need" });
          if (!sources.has(digest)) sources.set(digest, install(digest, buffers));
          this.become({ digest });
        } else if (content.widget === "keepsake") {
          this.lose();
          this.become({ text: content.text });
        } else if (content.widget === "picture" && this.text !== undefined && buffers.length) {
          this.picture = URL.createObjectURL(new Blob(buffers, { type: "image/png" }));
          this.redraw();
        }
      }

      become({ digest, text }) {
        if (digest !== undefined && digest === this.digest) return;
        Object.assign(this, { digest, text });
        this.redraw();
      }

      redraw() { for (const view of this.views) view(); }

      // What a script's view has asked to hear ends with the view.
      host(ends) {
        const link = this;
        const add = (set, callback) => {
          const end = () => set.delete(callback);
          set.add(callback);
          ends.push(end);
          return end;
        };
        return {
          title: link.model.get("title"),
          get isConnected() { return link.isConnected; },
          ask: (content, buffers) => link.ask(content, buffers),
          tell: (content, buffers) => void link.post(content, buffers),
          on: (kind, callback) => {
            if (!link.heard.has(kind)) link.heard.set(kind, new Set());
            return add(link.heard.get(kind), callback);
          },
          onDisconnect: (callback) => add(link.losses, callback),
        };
      }

      keepsake() {
        const figure = document.createElement("figure");
        if (this.picture) {
          const image = document.createElement("img");
          image.src = this.picture;
          image.alt = this.text;
          image.style.maxWidth = "100%";
          figure.append(image);
        } else this.post({ widget: "picture" });
        figure.append(note(this.text), note("This is a picture of the view: run the cell again to use it."));
        return figure;
      }
    }

    function show(link, el) {
      let turn = 0;
      let leave = () => {};
      const draw = async () => {
        const mine = ++turn;
        leave();
        leave = () => {};
        if (link.text !== undefined) return el.replaceChildren(link.keepsake());
        if (!link.digest) return el.replaceChildren(note("Waiting for the kernel…"));
        const ends = [];
        let end;
        try {
          const script = await sources.get(link.digest);
          if (mine !== turn) return;
          el.replaceChildren();
          end = script.render({ host: link.host(ends), el });
        } catch (error) {
          console.warn(error);
          if (mine === turn) el.replaceChildren(note("The view cannot be shown: " + error.message));
        }
        leave = () => {
          for (const stop of ends) stop();
          if (typeof end === "function") end();
        };
      };
      link.views.add(draw);
      draw();
      return () => {
        link.views.delete(draw);
        turn += 1;
        leave();
      };
    }

    function link(model) {
      const id = model.get("widget");
      if (!links.has(id)) links.set(id, new Link(model));
      return links.get(id);
    }

    export default {
      initialize: ({ model }) => void link(model),
      render: ({ model, el }) => show(link(model), el),
    };
    """#
}
