/** Programs for tests, all written for this purpose: an original, edits of it, and honest look-alikes. */

/** Cuts an image into tiles: the original. */
export const tilerPython = `"""Cut a picture into tiles of one size."""
import math
from PIL import Image


class TilePlanner:
    """Plans the grid; keeps no state but its settings."""

    def __init__(self, tile_side, most_tiles=9, never_split=False):
        self.tile_side = tile_side
        self.most_tiles = most_tiles
        self.never_split = never_split

    def fitted_size(self, picture_size, allow_enlarge=False):
        wide, tall = picture_size
        if (wide * tall > self.tile_side * self.tile_side) or allow_enlarge:
            ratio = wide / tall
            tall = int(self.tile_side / math.sqrt(ratio))
            wide = int(tall * ratio)
        best_wide = self.rounded_to_patch(wide, 14)
        best_tall = self.rounded_to_patch(tall, 14)
        return (best_wide, best_tall)

    def rounded_to_patch(self, length, patch):
        return max(round(length / patch) * patch, patch)

    def choose_grid(self, picture_size):
        wide, tall = picture_size
        log_ratio = math.log(wide / tall)
        wanted = min(math.ceil(wide * tall / (self.tile_side * self.tile_side)), self.most_tiles)
        if wanted <= 1 or self.never_split:
            return None
        candidate_counts = []
        for count in [wanted - 1, wanted, wanted + 1]:
            if count == 1 or count > self.most_tiles:
                continue
            candidate_counts.append(count)
        candidate_grids = []
        for count in candidate_counts:
            columns = 1
            while columns <= count:
                if count % columns == 0:
                    candidate_grids.append([columns, count // columns])
                columns += 1
        best_grid = [1, 1]
        least_error = float("inf")
        for grid in candidate_grids:
            error = abs(log_ratio - math.log(grid[0] / grid[1]))
            if error < least_error:
                best_grid = grid
                least_error = error
        return best_grid


def cut_to_patches(picture, grid):
    patches = []
    wide, tall = picture.size
    step_across = int(wide / grid[0])
    step_down = int(tall / grid[1])
    for top in range(0, tall, step_down):
        row = []
        for left in range(0, wide, step_across):
            box = (left, top, left + step_across, top + step_down)
            row.append(picture.crop(box))
        patches.append(row)
    return patches


def placeholder_text(grid, tokenizer, marks_per_tile=96):
    tile_mark = tokenizer.start_mark + tokenizer.unknown_mark * marks_per_tile + tokenizer.end_mark
    columns, rows = grid
    lines = []
    for line_number in range(rows):
        cells = []
        for column_number in range(columns):
            cells.append(tile_mark)
        lines.append("".join(cells))
    return tokenizer.open_mark + "\\n".join(lines) + tokenizer.close_mark


def plan_and_cut(picture, planner, tokenizer):
    grid = planner.choose_grid(picture.size)
    if grid is None:
        overview = picture.resize(planner.fitted_size(picture.size, allow_enlarge=True), Image.BICUBIC)
        return overview, [], ""
    overview = picture.resize(planner.fitted_size(picture.size), Image.BICUBIC)
    refined_wide = planner.rounded_to_patch(picture.size[0], grid[0])
    refined_tall = planner.rounded_to_patch(picture.size[1], grid[1])
    refined = picture.resize((refined_wide, refined_tall), Image.BICUBIC)
    return overview, cut_to_patches(refined, grid), placeholder_text(grid, tokenizer)
`;

const newNames: Readonly<Record<string, string>> = {
  TilePlanner: "SliceMaker",
  tile_side: "scale_res",
  most_tiles: "max_slices",
  never_split: "no_slicing",
  fitted_size: "find_size",
  picture_size: "original_size",
  allow_enlarge: "upscale",
  rounded_to_patch: "ensure_divide",
  choose_grid: "get_grid",
  log_ratio: "lr",
  wanted: "multiple",
  candidate_counts: "nums",
  candidate_grids: "pairs",
  columns: "gx",
  best_grid: "chosen",
  least_error: "min_err",
  cut_to_patches: "split_img",
  step_across: "dx",
  step_down: "dy",
  placeholder_text: "slot_string",
  tile_mark: "unit",
  marks_per_tile: "n_query",
  line_number: "yy",
  column_number: "xx",
  plan_and_cut: "process",
  planner: "maker",
  picture: "img",
  overview: "thumb",
  refined: "fine",
  wide: "w",
  tall: "h",
  ratio: "asp",
  count: "num",
  error: "err",
  patches: "parts",
  cells: "items",
};

/** Every listed name replaced, as a person with an editor would do it. */
export function renamed(source: string, names: Readonly<Record<string, string>> = newNames): string {
  return source.replace(/[A-Za-z_]\w*/g, (word) =>
    Object.hasOwn(names, word) ? (names[word] as string) : word,
  );
}

/** Remarks dropped, quotes and indentation changed, blank lines moved, numbers replaced. */
export function reformatted(source: string): string {
  return source
    .replace(/^\s*"""[^"]*"""\n/gm, "")
    .replace(/\n\n+/g, "\n")
    .replace(/^((?: {4})+)/gm, (indent) => " ".repeat(indent.length / 2))
    .replaceAll('"', "'")
    .replace(/\b14\b/g, "16")
    .replace(/\b96\b/g, "64")
    .replace(/, /g, ",");
}

/** Top-level functions of a Python file in reverse order, spread over two files. */
export function splitAndReordered(source: string): readonly [string, string] {
  const parts = source.split(/\n(?=def |class )/);
  const functions = parts.slice(1).reverse();
  const half = Math.ceil(functions.length / 2);
  return [functions.slice(0, half).join("\n"), functions.slice(half).join("\n")];
}

/** The same task by somebody else, who has not seen the original. */
export const otherTilerPython = `import numpy as np


def load_settings(path):
    values = {}
    with open(path) as handle:
        for raw in handle:
            key, _, value = raw.partition("=")
            if value:
                values[key.strip()] = int(value)
    return values


def best_tiling(height, width, limit, options=None):
    options = options or [(r, c) for r in range(1, limit + 1) for c in range(1, limit + 1) if r * c <= limit]
    target = height / width
    scored = sorted(options, key=lambda rc: (abs(rc[0] / rc[1] - target), -rc[0] * rc[1]))
    return scored[0]


def pad_array(array, rows, cols, side):
    canvas = np.zeros((rows * side, cols * side, array.shape[2]), dtype=array.dtype)
    canvas[: array.shape[0], : array.shape[1]] = array
    return canvas


def tiles_of(array, settings):
    side = settings["side"]
    rows, cols = best_tiling(array.shape[0], array.shape[1], settings["limit"])
    canvas = pad_array(array, rows, cols, side)
    blocks = canvas.reshape(rows, side, cols, side, -1).swapaxes(1, 2)
    return [block for line in blocks for block in line]


class Batcher:
    def __init__(self, settings, device):
        self.settings = settings
        self.queue = []
        self.device = device

    def push(self, array):
        try:
            self.queue.extend(tiles_of(array, self.settings))
        except ValueError as problem:
            raise RuntimeError("not an image") from problem

    def pop(self, amount):
        head, self.queue = self.queue[:amount], self.queue[amount:]
        if not head:
            return None
        stacked = np.stack(head).astype("float32") / 255.0
        return stacked.transpose(0, 3, 1, 2)

    def drain(self):
        while self.queue:
            yield self.pop(self.settings["batch"])
`;

/** A common upstream, from which two releases took the same layer and wrote the rest themselves. */
export const upstreamPython = `import torch
from torch import nn


class CrossLayer(nn.Module):
    def __init__(self, dim, heads, dropout=0.0):
        super().__init__()
        self.dim = dim
        self.heads = heads
        self.head_dim = dim // heads
        if self.head_dim * heads != dim:
            raise ValueError(f"dim {dim} is not divisible by {heads}")
        self.query = nn.Linear(dim, dim, bias=False)
        self.key = nn.Linear(dim, dim, bias=False)
        self.value = nn.Linear(dim, dim, bias=False)
        self.out = nn.Linear(dim, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden, context, mask=None, cache=None):
        batch, length, _ = hidden.shape
        states = self.query(hidden).view(batch, length, self.heads, self.head_dim).transpose(1, 2)
        if cache is not None and cache.filled:
            keys, values = cache.keys, cache.values
        else:
            size = context.shape[1]
            keys = self.key(context).view(batch, size, self.heads, self.head_dim).transpose(1, 2)
            values = self.value(context).view(batch, size, self.heads, self.head_dim).transpose(1, 2)
            if cache is not None:
                cache.store(keys, values)
        weights = torch.matmul(states, keys.transpose(2, 3)) / (self.head_dim**0.5)
        if mask is not None:
            weights = weights + mask[:, None, :, : keys.shape[2]]
        weights = self.dropout(weights.softmax(dim=-1))
        mixed = torch.matmul(weights, values).transpose(1, 2).reshape(batch, length, self.dim)
        return self.out(mixed), weights
`;

export const trainerPython = `def train(model, loader, optimiser, epochs, log):
    best = None
    for epoch in range(epochs):
        total = 0.0
        for step, (inputs, labels) in enumerate(loader):
            optimiser.zero_grad()
            loss = model(inputs, labels)
            loss.backward()
            optimiser.step()
            total += loss.item()
            if step % 50 == 0:
                log.write(f"{epoch} {step} {loss.item():.4f}")
        mean = total / max(1, len(loader))
        if best is None or mean < best:
            best = mean
            model.save(f"epoch-{epoch}")
    return best


def evaluate(model, loader, metrics):
    scores = {name: [] for name in metrics}
    for inputs, labels in loader:
        outputs = model.predict(inputs)
        for name, metric in metrics.items():
            scores[name].append(metric(outputs, labels))
    return {name: sum(values) / len(values) for name, values in scores.items() if values}
`;

export const exporterPython = `def export(graph, folder, precision="fp16"):
    names = set()
    manifest = []
    for node in graph.walk():
        if node.kind in ("input", "output"):
            continue
        unique = node.name
        while unique in names:
            unique = unique + "_"
        names.add(unique)
        blob = node.tensor.cast(precision).tobytes()
        target = folder.joinpath(unique + ".bin")
        target.write_bytes(blob)
        manifest.append({"name": unique, "bytes": len(blob), "shape": list(node.shape)})
    folder.joinpath("manifest").write_text(repr(manifest))
    return len(manifest)


def check(folder, manifest):
    missing = [entry for entry in manifest if not folder.joinpath(entry["name"]).exists()]
    wrong = 0
    for entry in manifest:
        expected = 1
        for extent in entry["shape"]:
            expected *= extent
        if expected * 2 != entry["bytes"]:
            wrong += 1
    assert not missing, missing
    return wrong == 0
`;
