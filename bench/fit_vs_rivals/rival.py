# SPDX-License-Identifier: MIT
"""The rivals of fit_vs_rivals that live in Python: torch's training loop and the newest Faiss's exact search.

Reads one command a line and answers in one line, "ok ..." or "error ...". Times are taken here,
around the work alone. Files hold float32 rows one after the other. Either library may be missing.

  image FILE COLUMNS          rows to train on, and
  text FILE COLUMNS           those of their pairs
  train STEPS BATCH HIDDEN BITS THREADS eager|compiled
                              seconds of that many steps of Adam on two new networks
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
        return ""

    def train(self, steps, batch, hidden, bits, threads, mode):
        steps, batch, hidden, bits = int(steps), int(batch), int(hidden), int(bits)
        torch.set_num_threads(int(threads))
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

        def run(count):
            done = 0
            while done < count:
                order = torch.randperm(len(self.images))
                for first in range(0, len(order) - batch + 1, batch):
                    chosen = order[first : first + batch]
                    optimizer.zero_grad()
                    loss = cost(self.images[chosen], self.texts[chosen])
                    loss.backward()
                    optimizer.step()
                    done += 1
                    if done == count:
                        break
            return float(loss)

        run(3)  # compiles; makes the optimiser's state
        begin = time.perf_counter()
        run(steps)
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
