import { asInteger, asList, asObject, asString, broken, field, type JsonObject } from './json.ts';

/** A node of a TensorFlow graph. Names are as TensorFlow writes them; `name:0` means `name`. */
export class GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes it reads, without control inputs. */
  readonly inputs: readonly string[];
  readonly #attributes: JsonObject;

  constructor(json: unknown) {
    const node = asObject(json, 'a node');
    this.name = asString(field(node, 'name'), 'the name of a node');
    this.op = asString(field(node, 'op'), 'the operator of a node');
    this.inputs = asList(field(node, 'input') ?? [], 'inputs of a node')
      .map((input) => asString(input, 'an input of a node'))
      .filter((input) => !input.startsWith('^'))
      .map((input) => (input.endsWith(':0') ? input.slice(0, -2) : input));
    this.#attributes = asObject(field(node, 'attr') ?? {}, 'attributes of a node');
  }

  /** A text, which the JSON keeps in base64; undefined where it is left out. */
  text(name: string): string | undefined {
    const value = field(this.#value(name), 's');
    return value === undefined ? undefined : decodeBase64(value);
  }

  texts(name: string): readonly string[] {
    return asList(field(this.#list(name), 's') ?? [], name).map(decodeBase64);
  }

  integers(name: string): readonly number[] {
    return asList(field(this.#list(name), 'i') ?? [], name).map((value) => asInteger(value, name));
  }

  flag(name: string): boolean {
    return field(this.#value(name), 'b') === true;
  }

  /** Sizes of a placeholder. -1: any. */
  shape(): readonly number[] {
    const shape = asObject(field(this.#value('shape'), 'shape') ?? {}, 'a shape');
    return asList(field(shape, 'dim') ?? [], 'a shape').map((dim) =>
      asInteger(field(asObject(dim, 'a size'), 'size') ?? -1, 'a size'),
    );
  }

  #value(name: string): JsonObject {
    return asObject(field(this.#attributes, name) ?? {}, name);
  }

  #list(name: string): JsonObject {
    return asObject(field(this.#value(name), 'list') ?? {}, name);
  }
}

function decodeBase64(value: unknown): string {
  try {
    return atob(asString(value, 'a text'));
  } catch {
    throw broken('base64');
  }
}

/** Nodes of the `modelTopology` of a graph model, by name. */
export function readNodes(topology: unknown): ReadonlyMap<string, GraphNode> {
  const list = asList(field(asObject(topology, 'modelTopology'), 'node'), 'node');
  const nodes = new Map(list.map((json) => new GraphNode(json)).map((node) => [node.name, node] as const));
  if (nodes.size !== list.length) throw broken('names of nodes that differ');
  return nodes;
}

/** The nodes that `outputs` need, each after those it reads. Throws `model-invalid` for loops and missing nodes. */
export function sortNodes(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): readonly GraphNode[] {
  const sorted: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const stack = outputs.map((name) => ({ name, next: 0 })).reverse();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = nodes.get(top.name);
    if (node === undefined) throw broken('every node that is read to be there', top.name.slice(0, 60));
    if (top.next === 0 && state.get(top.name) === 'done') {
      stack.pop();
      continue;
    }
    state.set(top.name, 'open');
    const input = node.inputs[top.next++];
    if (input === undefined) {
      state.set(top.name, 'done');
      sorted.push(node);
      stack.pop();
    } else if (state.get(input) === 'open') throw broken('a graph without loops');
    else if (state.get(input) === undefined) stack.push({ name: input, next: 0 });
  }
  return sorted;
}
