// What draws the points of a map. Both ways have the same four calls: `begin` a picture, `paint` a part of the order in
// one style, `present` what was painted, `release`. A picture may be painted over several frames before it is shown.

const vertexProgram = `#version 300 es
in float x; in float y; in uint ink;
uniform vec4 camera; uniform float size, alpha; uniform vec4 plain;
uniform highp sampler2D palette;
out vec4 tint;
void main() {
  gl_Position = vec4((x - camera.x) * camera.z, (y - camera.y) * camera.w, 0.0, 1.0);
  gl_PointSize = size;
  vec3 colour = plain.a > 0.0 ? plain.rgb : texelFetch(palette, ivec2(int(ink) & 255, int(ink) >> 8), 0).rgb;
  tint = vec4(colour, alpha);
}`;
const fragmentProgram = `#version 300 es
precision highp float;
in vec4 tint; uniform float size; uniform vec4 rim; out vec4 result;
void main() {
  float inner = size > 3.0 ? size * 0.5 - length(gl_PointCoord - 0.5) * size : 1.0;
  float alpha = tint.a * clamp(inner + 0.5, 0.0, 1.0);
  vec3 colour = mix(rim.rgb, tint.rgb, rim.a > 0.0 ? clamp(inner - 1.0, 0.0, 1.0) : 1.0);
  result = vec4(colour * alpha, alpha);
}`;

class GraphicsPoints {
  static make(canvas, x, y) {
    const gl = canvas.getContext('webgl2', { antialias: false, depth: false, powerPreference: 'low-power' });
    return gl ? new GraphicsPoints(canvas, gl, x, y) : null;
  }

  constructor(canvas, gl, x, y) {
    Object.assign(this, { canvas, gl, kind: 'webgl2' });
    const program = this.program = gl.createProgram();
    for (const [type, text] of [[gl.VERTEX_SHADER, vertexProgram], [gl.FRAGMENT_SHADER, fragmentProgram]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    this.place = Object.fromEntries(['camera', 'size', 'alpha', 'plain', 'rim'].map(
      name => [name, gl.getUniformLocation(program, name)]));
    for (const [name, values] of [['x', x], ['y', y]]) {
      this.attribute(name, values, at => gl.vertexAttribPointer(at, 1, gl.FLOAT, false, 0, 0));
    }
    this.target = gl.createFramebuffer();
    this.picture = gl.createTexture();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  attribute(name, values, describe, buffer = this.gl.createBuffer()) {
    const gl = this.gl, at = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(at);
    describe(at);
    return buffer;
  }

  /** Colours by number, four bytes each, and the number of each point's colour. */
  colour(ink, palette) {
    const gl = this.gl, rows = Math.ceil(palette.length / 1024), whole = new Uint8Array(rows * 1024);
    whole.set(palette);
    this.inks = this.attribute('ink', ink, at => gl.vertexAttribIPointer(at, 1, gl.UNSIGNED_SHORT, 0, 0), this.inks);
    this.palette ??= gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, whole);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  arrange(order) {
    const gl = this.gl;
    this.order ??= gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.STATIC_DRAW);
  }

  begin({ x, y, scale, width, height, dense }) {
    const gl = this.gl, across = Math.round(width * dense), down = Math.round(height * dense);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
    if (this.across !== across || this.down !== down) {
      Object.assign(this, { across, down });
      gl.bindTexture(gl.TEXTURE_2D, this.picture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, across, down, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.picture, 0);
      gl.bindTexture(gl.TEXTURE_2D, this.palette);
    }
    gl.viewport(0, 0, across, down);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform4f(this.place.camera, x, y, 2 * scale / width, 2 * scale / height);
  }

  paint(first, count, { size, alpha, plain, rim }) {
    const gl = this.gl;
    gl.uniform1f(this.place.size, size);
    gl.uniform1f(this.place.alpha, alpha);
    gl.uniform4f(this.place.plain, ...(plain || [0, 0, 0]).map(value => value / 255), plain ? 1 : 0);
    gl.uniform4f(this.place.rim, ...(rim || [0, 0, 0]).map(value => value / 255), rim ? 1 : 0);
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 4 * first);
  }

  present() {
    const { gl, across, down, canvas } = this;
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.target);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, across, down, 0, 0, across, down, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
  }

  release() { this.gl.getExtension('WEBGL_lose_context')?.loseContext(); }
}

/** Without WebGL 2: points are written into the bytes of a picture. */
class PlainPoints {
  constructor(canvas, x, y) {
    Object.assign(this, { canvas, x, y, kind: 'canvas' });
  }

  colour(ink, palette) { Object.assign(this, { ink, palette }); }
  arrange(order) { this.order = order; }

  begin({ x, y, scale, width, height, dense }) {
    const across = Math.round(width * dense), down = Math.round(height * dense);
    this.image = new ImageData(across, down);
    this.camera = { x, y, scale: scale * dense };
  }

  paint(first, count, { size, alpha, plain, rim }) {
    const { x, y, order, ink, palette, camera, image: { data, width, height } } = this;
    const side = Math.max(1, Math.round(size)), stamp = [];
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const inner = side > 3 ? side / 2 - Math.hypot(column + 0.5 - side / 2, row + 0.5 - side / 2) : 2;
        if (inner > -0.5) stamp.push([column, row, alpha * clamp(inner + 0.5, 0, 1), rim && inner < 1.5]);
      }
    }
    for (let at = first; at < first + count; at++) {
      const i = order[at];
      const left = Math.round((x[i] - camera.x) * camera.scale + (width - side) / 2);
      const top = Math.round((camera.y - y[i]) * camera.scale + (height - side) / 2);
      if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
      for (const [column, row, over, isRim] of stamp) {
        const to = 4 * ((top + row) * width + left + column), before = data[to + 3] / 255 * (1 - over), sum = before + over;
        for (let channel = 0; channel < 3; channel++) {
          const colour = isRim ? rim[channel] : plain ? plain[channel] : palette[4 * ink[i] + channel];
          data[to + channel] = (data[to + channel] * before + colour * over) / sum;
        }
        data[to + 3] = 255 * sum;
      }
    }
  }

  present() {
    const { canvas, image } = this;
    Object.assign(canvas, { width: image.width, height: image.height });
    canvas.getContext('2d').putImageData(image, 0, 0);
  }

  release() {}
}
