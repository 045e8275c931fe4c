# SPDX-License-Identifier: MIT
"""The rivals of fit_vs_rivals that live in Python: torch's training loop and the newest Faiss's exact search.

Reads one command a line and answers in one line, "ok ..." or "error ...". Times are taken here,
around the work alone. Files hold float32 rows one after the other. Either library may be missing.

  image FILE COLUMNS          rows to train on, and
  text FILE COLUMNS           those of their pairs
  train STEPS BATCH HIDDEN BITS THREADS eager|compiled
                              seconds of that many steps of Adam on two networks; those of one setting go on
                              training with every call
  rows FILE COLUMNS           rows to search in
  knn K THREADS               seconds to find the K highest inner products of each row
  neighbors FILE              writes the numbers of the rows that the last search found (int64)
"""

import sys
import time

import numpy as np

try:
    import torch
except ImportError:
    torch = None
try:
    import faiss
except ImportError:
    faiss = None


def read(path, columns):
    return np.fromfile(path, np.float32).reshape(-1, int(columns))


class Rivals:
    def image(self, path, columns):
        self.images = torch.from_numpy(read(path, columns))
        return ""

    def text(self, path, columns):
        self.texts = torch.from_numpy(read(path, columns))
        self.trainers = {}
        return ""

    def trainer(self, batch, hidden, bits, threads, mode):
        """A function that takes steps. Compiled code is for these numbers of rows and threads alone."""
        torch.manual_seed(1)
        nets = torch.nn.ModuleList(
            torch.nn.Sequential(
                torch.nn.Linear(rows.shape[1], hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, bits), torch.nn.Tanh()
            )
            for rows in (self.images, self.texts)
        )
        own = torch.arange(batch)

        def cost(a, b):
            a, b = (torch.nn.functional.normalize(net(x)) for net, x in zip(nets, (a, b)))
            logits = a @ b.T / 0.1
            entropy = torch.nn.functional.cross_entropy
            return (entropy(logits, own) + entropy(logits.T, own)) / 2

        if mode == "compiled":
            cost = torch.compile(cost)
        optimizer = torch.optim.Adam(nets.parameters(), lr=1e-3, fused=True)

        def run(steps):
            done = 0
            while True:
                order = torch.randperm(len(self.images))
                for first in range(0, len(order) - batch + 1, batch):
                    if done == steps:
                        return
                    chosen = order[first : first + batch]
                    optimizer.zero_grad()
                    cost(self.images[chosen], self.texts[chosen]).backward()
                    optimizer.step()
                    done += 1

        run(3)  # compiles; makes the optimiser's state
        return run

    def train(self, steps, batch, hidden, bits, threads, mode):
        torch.set_num_threads(int(threads))
        key = (int(batch), int(hidden), int(bits), int(threads), mode)
        if key not in self.trainers:
            self.trainers[key] = self.trainer(*key)
        begin = time.perf_counter()
        self.trainers[key](int(steps))
        return time.perf_counter() - begin

    def rows(self, path, columns):
        self.searched = read(path, columns)
        return ""

    def knn(self, k, threads):
        faiss.omp_set_num_threads(int(threads))
        begin = time.perf_counter()
        index = faiss.IndexFlatIP(self.searched.shape[1])
        index.add(self.searched)
        _, self.found = index.search(self.searched, int(k))
        return time.perf_counter() - begin

    def neighbors(self, path):
        self.found.tofile(path)
        return ""


def main():
    names = []
    if torch is not None:
        names.append(f"torch {torch.__version__}")
    if faiss is not None:
        names.append(f"Faiss {faiss.__version__}")
    if not names:
        print("error neither torch nor faiss can be imported", flush=True)
        sys.exit(1)
    print("ok", ", ".join(names), f"numpy {np.__version__}", flush=True)
    rivals = Rivals()
    for line in sys.stdin:
        command, *words = line.split()
        try:
            print("ok", getattr(rivals, command)(*words), flush=True)
        except Exception as e:  # the other side reports it
            print("error", command, type(e).__name__, str(e).replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
