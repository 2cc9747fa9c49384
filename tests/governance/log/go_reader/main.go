// Command reader checks a bundle with golang.org/x/mod/sumdb/{note,tlog}, the reference
// implementation the C2SP formats come from; the test copies both out of the Go toolchain.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"reader/sumdb/note"
	"reader/sumdb/tlog"
)

type files struct{ dir string }

func (f files) Height() int { return 8 }
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		p := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		b, err := os.ReadFile(filepath.Join(f.dir, p))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
}

func main() {
	dir := os.Args[1]
	vkey, err := os.ReadFile(filepath.Join(dir, "log.vkey"))
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	must(err)
	msg, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	n, err := note.Open(msg, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	var root tlog.Hash
	copy(root[:], raw)
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, files{dir})
	got, err := tlog.TreeHash(size, reader)
	must(err)
	if got != root {
		must(fmt.Errorf("root %v != %v", got, root))
	}
	checked := 0
	for at := int64(0); at < size; {
		w := size - at
		if w > 256 {
			w = 256
		}
		t := tlog.Tile{H: 8, L: -1, N: at / 256, W: int(w)}
		p := strings.Replace(strings.Replace(t.Path(), "tile/8/data", "tile/entries", 1), "//", "/", 1)
		b, err := os.ReadFile(filepath.Join(dir, p))
		must(err)
		r := bytes.NewReader(b)
		for i := int64(0); i < w; i++ {
			var l uint16
			must(binary.Read(r, binary.BigEndian, &l))
			body := make([]byte, l)
			_, err = io.ReadFull(r, body)
			must(err)
			leaf := tlog.RecordHash(body)
			hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, at+i)})
			must(err)
			if hashes[0] != leaf {
				must(fmt.Errorf("entry %d", at+i))
			}
			if (at+i)%97 == 0 {
				proof, err := tlog.ProveRecord(size, at+i, reader)
				must(err)
				must(tlog.CheckRecord(proof, size, root, at+i, leaf))
				checked++
			}
		}
		at += w
	}
	fmt.Println("OK", n.Text, "entries", size, "proofs", checked)
}
