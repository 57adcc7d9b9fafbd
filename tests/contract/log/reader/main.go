// Command reader reads and writes a transparency log with the Go project's own packages, which share nothing with
// Slipmark. "check" judges what Slipmark wrote; "make" writes a log for Slipmark to judge. JSON in, JSON out.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type inclusion struct {
	Index, Size int64
	Root        tlog.Hash
	Proof       []tlog.Hash
}

type consistency struct {
	OldSize, Size int64
	OldRoot, Root tlog.Hash
	Proof         []tlog.Hash
}

// made is a log: its entries, its tiles under the addresses of tlog-tiles, a signed checkpoint, and proofs.
type made struct {
	Origin      string
	Vkeys       []string
	Note        string
	Entries     [][]byte
	Tiles       map[string][]byte
	Inclusion   []inclusion
	Consistency []consistency
	// Notes that may or may not be acceptable.
	Others [][]byte
}

type verdict struct {
	// What was found wrong; empty when all is well.
	Problems []string
	Signers  []string
	Others   []bool
}

// memory holds every hash of a tree in the order of the tlog package.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(m)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		out[i] = m[index]
	}
	return out, nil
}

func stored(entries [][]byte) memory {
	var hashes memory
	for n, entry := range entries {
		more, err := tlog.StoredHashes(int64(n), entry, hashes)
		must(err)
		hashes = append(hashes, more...)
	}
	return hashes
}

// address is the tile's path in tlog-tiles, which leaves out the height.
func address(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
}

// newest leaves out the narrower forms that the last tile of a level had in smaller trees.
func newest(size int64) []tlog.Tile {
	var out []tlog.Tile
	for _, tile := range tlog.NewTiles(height, 0, size) {
		if last := len(out) - 1; last >= 0 && out[last].L == tile.L && out[last].N == tile.N {
			out = out[:last]
		}
		out = append(out, tile)
	}
	return out
}

// served hands out Slipmark's tiles to the tlog package, which authenticates them itself.
type served map[string][]byte

func (s served) Height() int                     { return height }
func (s served) SaveTiles([]tlog.Tile, [][]byte) {}
func (s served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, ok := s[address(tile)]
		if !ok {
			return nil, fmt.Errorf("%s is missing", address(tile))
		}
		out[i] = data
	}
	return out, nil
}

func verifiers(vkeys []string) note.Verifiers {
	var list []note.Verifier
	for _, vkey := range vkeys {
		verifier, err := note.NewVerifier(vkey)
		must(err)
		list = append(list, verifier)
	}
	return note.VerifierList(list...)
}

func checkpoint(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
}

func check(log made) verdict {
	out := verdict{Problems: []string{}, Signers: []string{}, Others: []bool{}}
	wrong := func(format string, args ...interface{}) {
		out.Problems = append(out.Problems, fmt.Sprintf(format, args...))
	}
	known := verifiers(log.Vkeys)
	size := int64(len(log.Entries))
	hashes := stored(log.Entries)
	root, err := tlog.TreeHash(size, hashes)
	must(err)
	opened, err := note.Open([]byte(log.Note), known)
	if err != nil {
		wrong("note: %v", err)
	} else {
		for _, signature := range opened.Sigs {
			out.Signers = append(out.Signers, signature.Name)
		}
		if want := checkpoint(log.Origin, size, root); opened.Text != want {
			wrong("checkpoint is %q, not %q", opened.Text, want)
		}
	}
	for _, p := range log.Inclusion {
		leaf := tlog.RecordHash(log.Entries[p.Index])
		if err := tlog.CheckRecord(p.Proof, p.Size, p.Root, p.Index, leaf); err != nil {
			wrong("inclusion of %d in %d: %v", p.Index, p.Size, err)
		}
	}
	for _, p := range log.Consistency {
		if err := tlog.CheckTree(p.Proof, p.Size, p.Root, p.OldSize, p.OldRoot); err != nil {
			wrong("consistency of %d and %d: %v", p.OldSize, p.Size, err)
		}
	}
	expected := map[string]bool{}
	for _, tile := range newest(size) {
		expected[address(tile)] = true
		data, err := tlog.ReadTileData(tile, hashes)
		must(err)
		if !bytes.Equal(data, log.Tiles[address(tile)]) {
			wrong("%s has other bytes", address(tile))
		}
	}
	for path := range log.Tiles {
		if !expected[path] {
			wrong("%s should not be", path)
		}
	}
	// A Go client that has nothing but the root and our tiles.
	through := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, served(log.Tiles))
	for n := int64(0); n < size; n += 1 + size/16 {
		proof, err := tlog.ProveRecord(size, n, through)
		if err != nil {
			wrong("reading our tiles: %v", err)
		} else if err := tlog.CheckRecord(proof, size, root, n, tlog.RecordHash(log.Entries[n])); err != nil {
			wrong("a proof from our tiles: %v", err)
		}
	}
	for _, other := range log.Others {
		_, err := note.Open(other, known)
		out.Others = append(out.Others, err == nil)
	}
	return out
}

func write(origin string, size int64) made {
	log := made{Origin: origin, Tiles: map[string][]byte{}}
	for n := int64(0); n < size; n++ {
		log.Entries = append(log.Entries, []byte(fmt.Sprintf("entry %d", n)))
	}
	hashes := stored(log.Entries)
	rootAt := func(n int64) tlog.Hash {
		root, err := tlog.TreeHash(n, hashes)
		must(err)
		return root
	}
	for _, tile := range newest(size) {
		data, err := tlog.ReadTileData(tile, hashes)
		must(err)
		log.Tiles[address(tile)] = data
	}
	for n := int64(0); n < size; n += 1 + size/40 {
		record, err := tlog.ProveRecord(size, n, hashes)
		must(err)
		log.Inclusion = append(log.Inclusion, inclusion{n, size, rootAt(size), record})
		tree, err := tlog.ProveTree(size, n+1, hashes)
		must(err)
		log.Consistency = append(log.Consistency, consistency{n + 1, size, rootAt(n + 1), rootAt(size), tree})
	}
	var signers []note.Signer
	for range [2]int{} {
		skey, vkey, err := note.GenerateKey(rand.Reader, origin)
		must(err)
		signer, err := note.NewSigner(skey)
		must(err)
		signers = append(signers, signer)
		log.Vkeys = append(log.Vkeys, vkey)
	}
	signed, err := note.Sign(&note.Note{Text: checkpoint(origin, size, rootAt(size))}, signers...)
	must(err)
	log.Note = string(signed)
	return log
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	var out interface{}
	switch os.Args[1] {
	case "check":
		var log made
		must(json.NewDecoder(os.Stdin).Decode(&log))
		out = check(log)
	case "make":
		var wish struct {
			Origin string
			Size   int64
		}
		must(json.NewDecoder(os.Stdin).Decode(&wish))
		out = write(wish.Origin, wish.Size)
	}
	must(json.NewEncoder(os.Stdout).Encode(out))
}
