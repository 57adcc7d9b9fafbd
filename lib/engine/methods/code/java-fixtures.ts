/** Programs in Java for tests, all written for this purpose: an original, an honest look-alike and an upstream. */

/** Prefix codes of least length (Huffman 1952), by one author: the original. */
export const codingJava = `package packing;

import java.util.HashMap;
import java.util.Map;

/** Packs text with a code of its own. */
public class TextPacker {
    private final Knot[] waiting;
    private int filled;
    private final Map<Character, String> codes = new HashMap<>();

    public TextPacker(int room) {
        this.waiting = new Knot[room + 1];
        this.filled = 0;
    }

    static class Knot {
        final char letter;
        final long uses;
        Knot zero;
        Knot one;

        Knot(char letter, long uses) {
            this.letter = letter;
            this.uses = uses;
        }
    }

    private void place(Knot knot) {
        filled++;
        int at = filled;
        while (at > 1 && waiting[at / 2].uses > knot.uses) {
            waiting[at] = waiting[at / 2];
            at = at / 2;
        }
        waiting[at] = knot;
    }

    private Knot rarest() {
        Knot first = waiting[1];
        Knot last = waiting[filled];
        filled--;
        int at = 1;
        while (at * 2 <= filled) {
            int below = at * 2;
            if (below < filled && waiting[below + 1].uses < waiting[below].uses) below++;
            if (waiting[below].uses >= last.uses) break;
            waiting[at] = waiting[below];
            at = below;
        }
        waiting[at] = last;
        return first;
    }

    public Knot plant(String text) {
        Map<Character, Long> counts = new HashMap<>();
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            Long before = counts.get(letter);
            counts.put(letter, before == null ? 1L : before + 1L);
        }
        for (Map.Entry<Character, Long> entry : counts.entrySet()) {
            place(new Knot(entry.getKey(), entry.getValue()));
        }
        while (filled > 1) {
            Knot left = rarest();
            Knot right = rarest();
            Knot joined = new Knot('?', left.uses + right.uses);
            joined.zero = left;
            joined.one = right;
            place(joined);
        }
        return filled == 0 ? null : rarest();
    }

    public void spell(Knot knot, String soFar) {
        if (knot.zero == null && knot.one == null) {
            codes.put(knot.letter, soFar.isEmpty() ? "0" : soFar);
            return;
        }
        spell(knot.zero, soFar + "0");
        spell(knot.one, soFar + "1");
    }

    public String pack(String text) {
        StringBuilder packed = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            String code = codes.get(text.charAt(at));
            if (code == null) throw new IllegalArgumentException("a letter without a code");
            packed.append(code);
        }
        while (packed.length() % 8 != 0) packed.append("0");
        return packed.toString();
    }

    public String unpack(Knot root, String packed, int letters) {
        StringBuilder text = new StringBuilder();
        Knot current = root;
        for (int at = 0; at < packed.length() && text.length() < letters; at++) {
            if (current.zero != null) current = packed.charAt(at) == '0' ? current.zero : current.one;
            if (current.zero == null) {
                text.append(current.letter);
                current = root;
            }
        }
        return text.toString();
    }
}
`;

/** The same algorithm by somebody else, who has not seen the original. */
export const otherCodingJava = `package huff;

import java.util.*;
import java.util.stream.*;

abstract class Tree implements Comparable<Tree> {
    public final int frequency;
    protected Tree(int freq) { frequency = freq; }
    abstract void collect(Deque<Boolean> path, BitSet[] table, int[] sizes);
    @Override public int compareTo(Tree tree) { return Integer.compare(frequency, tree.frequency); }
}

final class Leaf extends Tree {
    final byte value;
    Leaf(int freq, byte val) { super(freq); value = val; }
    @Override void collect(Deque<Boolean> path, BitSet[] table, int[] sizes) {
        BitSet bits = new BitSet();
        int n = 0;
        for (Iterator<Boolean> it = path.descendingIterator(); it.hasNext(); n++) bits.set(n, it.next());
        table[value & 0xff] = bits;
        sizes[value & 0xff] = n;
    }
}

final class Branch extends Tree {
    final Tree[] children;
    Branch(Tree l, Tree r) { super(l.frequency + r.frequency); children = new Tree[] { l, r }; }
    @Override void collect(Deque<Boolean> path, BitSet[] table, int[] sizes) {
        for (int bit = 0; bit < 2; bit++) {
            path.push(bit == 1);
            children[bit].collect(path, table, sizes);
            path.pop();
        }
    }
}

public final class Huffman {
    private Huffman() {}

    public static Tree build(byte[] data) {
        int[] histogram = new int[256];
        for (byte b : data) histogram[b & 0xff] += 1;
        PriorityQueue<Tree> trees = IntStream.range(0, 256)
            .filter(i -> histogram[i] != 0)
            .mapToObj(i -> new Leaf(histogram[i], (byte) i))
            .collect(Collectors.toCollection(PriorityQueue::new));
        if (trees.isEmpty()) throw new NoSuchElementException();
        do {
            if (trees.size() == 1) trees.add(new Leaf(0, (byte) 0));
            trees.offer(new Branch(trees.poll(), trees.poll()));
        } while (trees.size() != 1);
        return trees.remove();
    }

    public static BitSet encode(Tree tree, byte[] data) {
        BitSet[] table = new BitSet[256];
        int[] sizes = new int[256];
        tree.collect(new ArrayDeque<>(), table, sizes);
        BitSet out = new BitSet();
        int position = 0;
        for (byte b : data) {
            int s = b & 0xff;
            for (int i = table[s].nextSetBit(0); i >= 0; i = table[s].nextSetBit(i + 1)) out.set(position + i);
            position += sizes[s];
        }
        return out;
    }

    public static byte[] decode(Tree tree, BitSet in, int count) {
        byte[] result = new byte[count];
        int bit = 0;
        for (int k = 0; k != count; ++k) {
            Tree node = tree;
            while (node instanceof Branch) node = ((Branch) node).children[in.get(bit++) ? 1 : 0];
            result[k] = ((Leaf) node).value;
        }
        return result;
    }
}
`;

/** A common upstream of Java programs. */
export const upstreamJava = `package common;

public class LineTable {
    private final String[][] cells;
    private final int[] widths;
    private int rows;

    public LineTable(int most, int columns) {
        if (most < 1 || columns < 1) throw new IllegalArgumentException("a table needs cells");
        this.cells = new String[most][columns];
        this.widths = new int[columns];
    }

    public boolean add(String... values) {
        if (rows == cells.length || values.length != widths.length) return false;
        for (int column = 0; column < values.length; column++) {
            String value = values[column] == null ? "-" : values[column].trim();
            cells[rows][column] = value;
            widths[column] = Math.max(widths[column], value.length());
        }
        rows++;
        return true;
    }

    public String print(char separator, boolean alignRight) {
        StringBuilder out = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < widths.length; column++) {
                if (column > 0) out.append(' ').append(separator).append(' ');
                String value = cells[row][column];
                int missing = widths[column] - value.length();
                if (alignRight) out.append(" ".repeat(missing)).append(value);
                else if (column + 1 < widths.length) out.append(value).append(" ".repeat(missing));
                else out.append(value);
            }
            out.append('\\n');
        }
        return out.toString();
    }

    public int find(int column, String wanted) {
        int low = 0;
        int high = rows - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = cells[middle][column].compareTo(wanted);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1 - low;
    }
}
`;

/** The same algorithm once more, by a third author and as textbooks have it. */
export const textbookCodingJava = `import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

class HuffmanNode {
    char ch;
    int freq;
    HuffmanNode left, right;

    HuffmanNode(char ch, int freq) {
        this.ch = ch;
        this.freq = freq;
    }

    HuffmanNode(int freq, HuffmanNode left, HuffmanNode right) {
        this.freq = freq;
        this.left = left;
        this.right = right;
    }

    boolean isLeaf() {
        return left == null && right == null;
    }
}

public class HuffmanCoding {
    private HuffmanNode root;
    private Map<Character, String> huffmanCodes = new HashMap<>();

    private Map<Character, Integer> countFrequencies(String input) {
        Map<Character, Integer> frequencies = new HashMap<>();
        for (char c : input.toCharArray()) {
            frequencies.put(c, frequencies.getOrDefault(c, 0) + 1);
        }
        return frequencies;
    }

    public void buildTree(String input) {
        PriorityQueue<HuffmanNode> queue = new PriorityQueue<>(Comparator.comparingInt(n -> n.freq));
        for (Map.Entry<Character, Integer> entry : countFrequencies(input).entrySet()) {
            queue.add(new HuffmanNode(entry.getKey(), entry.getValue()));
        }
        while (queue.size() > 1) {
            HuffmanNode left = queue.poll();
            HuffmanNode right = queue.poll();
            queue.add(new HuffmanNode(left.freq + right.freq, left, right));
        }
        root = queue.poll();
        generateCodes(root, "");
    }

    private void generateCodes(HuffmanNode node, String code) {
        if (node == null) {
            return;
        }
        if (node.isLeaf()) {
            huffmanCodes.put(node.ch, code.length() > 0 ? code : "1");
        }
        generateCodes(node.left, code + "0");
        generateCodes(node.right, code + "1");
    }

    public String encode(String input) {
        StringBuilder sb = new StringBuilder();
        for (char c : input.toCharArray()) {
            sb.append(huffmanCodes.get(c));
        }
        return sb.toString();
    }

    public String decode(String encoded) {
        StringBuilder sb = new StringBuilder();
        HuffmanNode current = root;
        for (int i = 0; i < encoded.length(); i++) {
            current = encoded.charAt(i) == '0' ? current.left : current.right;
            if (current.isLeaf()) {
                sb.append(current.ch);
                current = root;
            }
        }
        return sb.toString();
    }
}
`;
