import { FocalError } from '@focal/core';

/** How the numbers of a texture are kept. Bytes and shorts are whole numbers in shaders too, never shares of 1. */
const FORMATS = {
  bytes: { internal: 'R8UI', format: 'RED_INTEGER', type: 'UNSIGNED_BYTE' },
  pixels: { internal: 'RGBA8UI', format: 'RGBA_INTEGER', type: 'UNSIGNED_BYTE' },
  shorts: { internal: 'RGBA16UI', format: 'RGBA_INTEGER', type: 'UNSIGNED_SHORT' },
  short: { internal: 'R16UI', format: 'RED_INTEGER', type: 'UNSIGNED_SHORT' },
  words: { internal: 'RGBA32I', format: 'RGBA_INTEGER', type: 'INT' },
  floats: { internal: 'RGBA32F', format: 'RGBA', type: 'FLOAT' },
} as const;

export interface GlTexture {
  readonly width: number;
  readonly height: number;
  readonly texture: WebGLTexture;
  /** Replaces all of it. Row 0 is the picture's upper row. */
  write(data: ArrayBufferView): void;
}

/** What a shader is told: textures and numbers by the names of its uniforms. */
export type GlInputs = Readonly<Record<string, GlTexture | number | boolean | readonly [number, number]>>;

export interface GlProgram {
  /** Draws all of the texture, or of the canvas. */
  run(target: GlTexture | undefined, inputs: GlInputs): void;
}

/** WebGL2 as sums over textures: what runs is a fragment shader for each of a texture's pixels. */
export interface GlKit {
  texture(kind: keyof typeof FORMATS, width: number, height: number, data?: ArrayBufferView): GlTexture;
  /** Frees a texture, which is not used any more. */
  forget(texture: GlTexture): void;
  /** Throws `device-unavailable` where the driver does not take it. */
  program(fragment: string): GlProgram;
  /** Waits until all is drawn, and tells whether it was: a card that is gone says so seconds later only. */
  finish(): boolean;
  /** Throws `device-unavailable` where something went wrong so far, such as memory running out. Waits for the driver. */
  check(): void;
}

// One triangle that covers everything.
const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** Throws `device-unavailable` where floats cannot be drawn into. */
export function createGlKit(gl: WebGL2RenderingContext): GlKit {
  if (gl.getExtension('EXT_color_buffer_float') === null) {
    throw new FocalError('device-unavailable', 'This graphics card does not draw into textures of floats.');
  }
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.bindVertexArray(gl.createVertexArray());
  const vertex = compileShader(gl, gl.VERTEX_SHADER, VERTEX);
  const framebuffers = new Map<GlTexture, WebGLFramebuffer>();

  const texture: GlKit['texture'] = (kind, width, height, data) => {
    const { internal, format, type } = FORMATS[kind];
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl[internal], width, height);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    const made: GlTexture = {
      width,
      height,
      texture,
      write(data) {
        gl.bindTexture(gl.TEXTURE_2D, texture);
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl[format], gl[type], data);
      },
    };
    if (data !== undefined) made.write(data);
    return made;
  };

  const aim = (target: GlTexture | undefined): void => {
    if (target === undefined) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
      return;
    }
    let framebuffer = framebuffers.get(target);
    if (framebuffer === undefined) {
      framebuffer = gl.createFramebuffer();
      framebuffers.set(target, framebuffer);
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target.texture, 0);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.viewport(0, 0, target.width, target.height);
  };

  return {
    texture,
    forget(texture) {
      gl.deleteFramebuffer(framebuffers.get(texture) ?? null);
      framebuffers.delete(texture);
      gl.deleteTexture(texture.texture);
    },
    program(fragment) {
      const program = link(gl, vertex, fragment);
      const uniforms = readUniforms(gl, program);
      return {
        run(target, inputs) {
          gl.useProgram(program);
          let unit = 0;
          for (const { name, type, location } of uniforms) {
            const value = inputs[name];
            if (value === undefined) throw new RangeError(`The uniform ${name} is not given.`);
            if (typeof value === 'object' && 'texture' in value) {
              gl.activeTexture(gl.TEXTURE0 + unit);
              gl.bindTexture(gl.TEXTURE_2D, value.texture);
              gl.uniform1i(location, unit++);
            } else if (typeof value === 'object') gl.uniform2i(location, ...value);
            else if (type === gl.FLOAT) gl.uniform1f(location, Number(value));
            else gl.uniform1i(location, Number(value));
          }
          aim(target);
          gl.drawArrays(gl.TRIANGLES, 0, 3);
        },
      };
    },
    finish() {
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      // A canvas without alpha has 255 in each pixel. What is gone writes nothing, and is not always known as lost yet.
      const pixel = new Uint8Array(4);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return pixel[3] === 255 && !gl.isContextLost();
    },
    check() {
      const error = gl.getError();
      if (error !== gl.NO_ERROR) throw new FocalError('device-unavailable', `The graphics driver says error ${error}.`);
    },
  };
}

interface Uniform {
  readonly name: string;
  readonly type: number;
  readonly location: WebGLUniformLocation;
}

function readUniforms(gl: WebGL2RenderingContext, program: WebGLProgram): readonly Uniform[] {
  const count = Number(gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0);
  return Array.from({ length: count }, (_, i) => gl.getActiveUniform(program, i)).flatMap((info) => {
    const location = info && gl.getUniformLocation(program, info.name);
    return info && location ? [{ name: info.name, type: info.type, location }] : [];
  });
}

function link(gl: WebGL2RenderingContext, vertex: WebGLShader, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  gl.attachShader(program, vertex);
  gl.attachShader(program, compileShader(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw refused(gl.getProgramInfoLog(program));
  return program;
}

function compileShader(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (shader === null) throw refused('The context is lost.');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw refused(gl.getShaderInfoLog(shader));
  return shader;
}

function refused(log: string | null): FocalError {
  return new FocalError('device-unavailable', 'The graphics driver did not take a shader.', {
    hint: (log ?? '').trim().slice(0, 300),
  });
}
