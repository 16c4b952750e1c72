// Two ways to draw the points of a map, with the same calls: `begin` a picture, `paint` a part of the order in one style,
// `present` what was painted. A picture may take several frames before it is shown.

const programs = [`#version 300 es
layout(location=0) in float x; layout(location=1) in float y; layout(location=2) in uint ink;
uniform vec4 camera, plain; uniform float size, alpha; uniform highp sampler2D palette; out vec4 tint;
void main() {
  gl_Position = vec4((x - camera.x) * camera.z, (y - camera.y) * camera.w, 0.0, 1.0);
  gl_PointSize = size;
  tint = vec4(plain.a > 0.0 ? plain.rgb : texelFetch(palette, ivec2(int(ink) & 255, int(ink) >> 8), 0).rgb, alpha);
}`, `#version 300 es
precision highp float; in vec4 tint; uniform float size; uniform vec4 rim; out vec4 result;
void main() {
  float inner = size > 3.0 ? size * 0.5 - length(gl_PointCoord - 0.5) * size : 1.0, alpha = tint.a * clamp(inner + 0.5, 0.0, 1.0);
  result = vec4(mix(tint.rgb, rim.rgb, rim.a * 0.6 * clamp(2.0 - inner, 0.0, 1.0)) * alpha, alpha);
}`];

class GraphicsPoints {
  /** Null without WebGL 2. */
  static make(x, y) {
    const canvas = make('canvas'), gl = canvas.getContext('webgl2', { antialias: false, depth: false });
    return gl && new GraphicsPoints(canvas, gl, x, y);
  }

  constructor(canvas, gl, x, y) {
    Object.assign(this, { canvas, gl, kind: 'webgl2', inks: gl.createBuffer(), palette: gl.createTexture(), picture: gl.createTexture() });
    const program = this.program = gl.createProgram();
    programs.forEach((text, place) => {
      const shader = gl.createShader(place ? gl.FRAGMENT_SHADER : gl.VERTEX_SHADER);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    });
    gl.linkProgram(program);
    gl.useProgram(program);
    [x, y].forEach((values, at) => {
      this.load(gl.createBuffer(), values, at);
      gl.vertexAttribPointer(at, 1, gl.FLOAT, false, 0, 0);
    });
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target = gl.createFramebuffer());
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  load(buffer, values, at) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(at);
  }

  set(name, ...values) { this.gl[`uniform${values.length}f`](this.gl.getUniformLocation(this.program, name), ...values); }
  setColour(name, colour) { this.set(name, ...(colour || [0, 0, 0]).map(value => value / 255), colour ? 1 : 0); }

  /** The number of each point's colour, and the colours, three numbers each. */
  colour(inks, palette) {
    const { gl } = this, rows = Math.ceil(palette.length / 256), texels = new Uint8Array(rows * 1024);
    palette.forEach((colour, place) => texels.set(colour, 4 * place));
    this.load(this.inks, inks, 2);
    gl.vertexAttribIPointer(2, 1, gl.UNSIGNED_SHORT, 0, 0);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  }

  arrange(order) { this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, order, this.gl.STATIC_DRAW); }

  begin({ x, y, scale, width, height, dense }) {
    const { gl } = this, size = [Math.round(width * dense), Math.round(height * dense)];
    if (String(this.size) !== String(size)) {
      this.size = size;
      gl.bindTexture(gl.TEXTURE_2D, this.picture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, ...size, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.picture, 0);
      gl.bindTexture(gl.TEXTURE_2D, this.palette);
    }
    gl.viewport(0, 0, ...size);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.set('camera', x, y, 2 * scale / width, 2 * scale / height);
  }

  paint(first, count, { size, alpha, plain, rim }) {
    this.set('size', size);
    this.set('alpha', alpha);
    this.setColour('plain', plain);
    this.setColour('rim', rim);
    this.gl.drawElements(this.gl.POINTS, count, this.gl.UNSIGNED_INT, 4 * first);
  }

  /** Drawing goes on behind the page's back: without waiting for it, work would pile up until a frame took seconds. */
  get isBusy() { return this.fence && this.gl.getSyncParameter(this.fence, this.gl.SYNC_STATUS) === this.gl.UNSIGNALED; }

  send() {
    const { gl } = this;
    gl.deleteSync(this.fence ?? null);
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  present() {
    const { gl, canvas, size: [width, height] } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
  }

  release() { this.gl.getExtension('WEBGL_lose_context')?.loseContext(); }
}

/** Without WebGL 2: squares on a canvas, which is slower by point; the map then draws fewer while it moves. */
class PlainPoints {
  constructor(x, y) { Object.assign(this, { x, y, kind: 'canvas', canvas: make('canvas'), hidden: make('canvas') }); }
  colour(inks, palette) { Object.assign(this, { inks, palette: palette.map(colour => `rgb(${colour})`) }); }
  arrange(order) { this.order = order; }

  begin(camera) {
    this.size = [camera.width * camera.dense, camera.height * camera.dense].map(Math.round);
    [this.hidden.width, this.hidden.height] = this.size;
    Object.assign(this, { camera: { ...camera }, ink: this.hidden.getContext('2d') });
  }

  paint(first, count, { size, alpha, plain }) {
    const { x, y, order, inks, palette, ink, size: [width, height], camera } = this, scale = camera.scale * camera.dense;
    ink.globalAlpha = alpha;
    if (plain) ink.fillStyle = `rgb(${plain})`;
    for (let at = first; at < first + count; at++) {
      const i = order[at];
      if (!plain) ink.fillStyle = palette[inks[i]];
      ink.fillRect((x[i] - camera.x) * scale + (width - size) / 2, (camera.y - y[i]) * scale + (height - size) / 2, size, size);
    }
  }

  present() { draw(this.canvas, this.hidden); }
  send() {}
  release() {}
}
