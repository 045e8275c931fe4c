# SPDX-License-Identifier: MIT
"""The rivals of search_vs_rivals that live in Python: the newest Faiss, MAP by numpy, Tanimoto similarity by RDKit.

Reads one command a line and answers in one line, "ok ..." or "error ...". Times are taken here,
around the work alone. Files hold packed codes, or what numpy's tofile writes.

  codes FILE BITS             an index of all codes in the file, on one thread
  queries FILE BITS
  level [NAME]                which instructions Faiss uses, AVX2 say; without a name all of the machine's.
                              Answers whether it can.
  clock NAME                  by which searches are timed from now on: wall, or cpu of the calling thread
  batch COUNT K               seconds of one search for the first queries
  single COUNT K              seconds of as many searches for one query
  found FILE                  writes distances (int32) and ids (int64) of the last search
  labels FILE FILE            rows of 64 bits for queries and items
  map COUNT [stable]          seconds, and the MAP of the first queries; stable: ties by row
  fingerprints FILE BITS      sets for RDKit, whose version it answers
  asked_sets FILE BITS        and the queries
  tanimoto COUNT K            seconds in all of one search for each of the first queries
  tanimoto_above COUNT T      the same for all of at least that similarity
  similar FILE                writes similarities (float64) and rows (int64) of the last of these searches
"""

import sys
import time

try:
    import faiss
    import numpy as np
except ImportError as e:
    print("error", e, flush=True)
    sys.exit(1)


class Rivals:
    now = staticmethod(time.perf_counter)

    def clock(self, name):
        self.now = {"wall": time.perf_counter, "cpu": time.thread_time}[name]
        return ""

    def codes(self, path, bits):
        self.items = np.fromfile(path, np.uint8).reshape(-1, int(bits) // 8)
        self.index = faiss.IndexBinaryFlat(int(bits))
        self.index.add(self.items)

    def queries(self, path, bits):
        self.asked = np.fromfile(path, np.uint8).reshape(-1, int(bits) // 8)

    def level(self, name=None):
        config = getattr(faiss, "SIMDConfig", None)
        if not hasattr(config, "set_level"):
            return 0
        if not hasattr(self, "usual"):
            self.usual = config.get_level_name()
        config.set_level(faiss.to_simd_level(name or self.usual))
        return int(config.get_level_name() == (name or self.usual))

    def search(self, count, k, together):
        """Arrays are made, and their pages touched, before the clock starts. search_c is what is
        below Faiss's own Python layer, which would cost some microseconds a call."""
        self.distances = np.full((count, k), -1, np.int32)
        self.ids = np.full((count, k), -1, np.int64)
        calls = [
            tuple(faiss.swig_ptr(a[i:]) for a in (self.asked, self.distances, self.ids))
            for i in range(0, count, together)
        ]
        search = self.index.search_c
        begin = self.now()
        for asked, distances, ids in calls:
            search(together, asked, k, distances, ids)
        return self.now() - begin

    def batch(self, count, k):
        return self.search(int(count), int(k), int(count))

    def single(self, count, k):
        return self.search(int(count), int(k), 1)

    def found(self, path):
        with open(path, "wb") as file:
            self.distances.tofile(file)
            self.ids.tofile(file)

    def labels(self, query_path, item_path):
        def multi_hot(path):
            rows = np.fromfile(path, np.uint8).reshape(-1, 8)
            return np.unpackbits(rows, axis=1, bitorder="little")[:, :24].astype(np.float32)

        def signs(packed):
            return 2 * np.unpackbits(packed, axis=1, bitorder="little").astype(np.float32) - 1

        self.query_labels, self.item_labels = multi_hot(query_path), multi_hot(item_path)
        self.query_signs, self.item_signs = signs(self.asked), signs(self.items)

    def map(self, count, kind="quicksort"):
        """The steps of DCMH's calc_map, query after query: products with all items for relevance
        and for distances, a full sort, the mean of the precisions at relevant items."""
        bits = self.query_signs.shape[1]
        begin = time.perf_counter()
        total = 0.0
        for query in range(int(count)):
            relevant = (np.dot(self.query_labels[query], self.item_labels.T) > 0).astype(np.float32)
            known = int(relevant.sum())
            if known == 0:
                continue
            distances = 0.5 * (bits - np.dot(self.query_signs[query], self.item_signs.T))
            ranked = relevant[np.argsort(distances, kind=kind)]
            ranks = np.where(ranked == 1)[0] + 1.0
            total += np.mean(np.arange(1, known + 1) / ranks)
        return f"{time.perf_counter() - begin} {total / int(count)}"

    def fingerprints(self, path, bits):
        import rdkit

        self.molecules = self.bit_vectors(path, bits)
        return f"RDKit {rdkit.__version__}"

    def asked_sets(self, path, bits):
        self.asked_molecules = self.bit_vectors(path, bits)

    @staticmethod
    def bit_vectors(path, bits):
        from rdkit.DataStructs import CreateFromBinaryText

        row = int(bits) // 8
        with open(path, "rb") as file:
            packed = file.read()
        return [CreateFromBinaryText(packed[i : i + row]) for i in range(0, len(packed), row)]

    def by_bulk(self, count, choose):
        """RDKit's own loop over all molecules; numpy, much faster than a loop in Python, chooses."""
        from rdkit.DataStructs import BulkTanimotoSimilarity

        self.alike = []
        begin = time.perf_counter()
        for query in self.asked_molecules[: int(count)]:
            similarities = np.array(BulkTanimotoSimilarity(query, self.molecules))
            rows = choose(similarities)
            rows = rows[np.lexsort((rows, -similarities[rows]))]
            self.alike.append((similarities[rows], rows))
        return time.perf_counter() - begin

    def tanimoto(self, count, k):
        return self.by_bulk(count, lambda s: np.argpartition(-s, int(k))[: int(k)])

    def tanimoto_above(self, count, threshold):
        return self.by_bulk(count, lambda s: np.flatnonzero(s >= float(threshold)))

    def similar(self, path):
        with open(path, "wb") as file:
            np.concatenate([s for s, _ in self.alike]).astype(np.float64).tofile(file)
            np.concatenate([r for _, r in self.alike]).astype(np.int64).tofile(file)


def main():
    faiss.omp_set_num_threads(1)
    rivals = Rivals()
    level = getattr(getattr(faiss, "SIMDConfig", None), "get_level_name", faiss.get_compile_options)
    print(f"ok Faiss {faiss.__version__} ({level()}), numpy {np.__version__}", flush=True)
    for line in sys.stdin:
        command, *words = line.split()
        try:
            print("ok", getattr(rivals, command)(*words), flush=True)
        except Exception as e:  # the other side reports it
            print("error", command, type(e).__name__, str(e).replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
