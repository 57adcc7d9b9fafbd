import type { Tree } from "web-tree-sitter";

/** What the runtime exports of a cursor's work; each takes the address of the tree. */
interface CursorExports {
  ts_tree_root_node_wasm(tree: number): void;
  ts_tree_cursor_new_wasm(tree: number): void;
  ts_tree_cursor_delete_wasm(tree: number): void;
  ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  ts_tree_cursor_goto_parent_wasm(tree: number): number;
  ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  ts_tree_cursor_current_field_id_wasm(tree: number): number;
  ts_tree_cursor_start_index_wasm(tree: number): number;
  ts_tree_cursor_end_index_wasm(tree: number): number;
}

/**
 * Steps through a syntax tree, one call into the WebAssembly of tree-sitter each. The TreeCursor of the package copies
 * its state there before every question and back after every step, which takes longer than the step; here the state
 * stays where it is. Hence one walk at a time, from `begin` to `leave`, and nothing else asked of the package meanwhile.
 */
export class TreeSteps {
  #tree = 0;
  readonly #exports: CursorExports;

  constructor(exports: WebAssembly.Exports) {
    this.#exports = exports as unknown as CursorExports;
  }

  /** To the root. */
  begin(tree: Tree): void {
    this.#tree = (tree as unknown as { readonly 0: number })[0];
    this.#exports.ts_tree_root_node_wasm(this.#tree);
    this.#exports.ts_tree_cursor_new_wasm(this.#tree);
  }

  leave(): void {
    this.#exports.ts_tree_cursor_delete_wasm(this.#tree);
  }

  /** Each step says whether there was where to go. */
  firstChild(): boolean {
    return this.#exports.ts_tree_cursor_goto_first_child_wasm(this.#tree) === 1;
  }

  nextSibling(): boolean {
    return this.#exports.ts_tree_cursor_goto_next_sibling_wasm(this.#tree) === 1;
  }

  parent(): boolean {
    return this.#exports.ts_tree_cursor_goto_parent_wasm(this.#tree) === 1;
  }

  get typeId(): number {
    return this.#exports.ts_tree_cursor_current_node_type_id_wasm(this.#tree);
  }

  get fieldId(): number {
    return this.#exports.ts_tree_cursor_current_field_id_wasm(this.#tree);
  }

  /** UTF-16 code units from the beginning of the source. */
  get start(): number {
    return this.#exports.ts_tree_cursor_start_index_wasm(this.#tree);
  }

  get end(): number {
    return this.#exports.ts_tree_cursor_end_index_wasm(this.#tree);
  }
}
