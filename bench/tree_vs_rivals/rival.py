# SPDX-License-Identifier: MIT
"""The rival of tree_vs_rivals that lives in Python: the newest Infomap.

Reads one command a line and answers in one line, "ok ..." or "error ...".

  graph FILE NODES    undirected edges, a line "a b weight" for each
  run TRIALS          seconds of one two-level search, on one thread, from a network that is there
  found FILE          writes the module of every node, a line for each, of the last search
"""

import sys
import time

try:
    import infomap
except ImportError as e:
    print("error", e, flush=True)
    sys.exit(1)


class Rival:
    def graph(self, path, nodes):
        self.nodes = int(nodes)
        with open(path) as file:
            rows = [line.split() for line in file]
        self.links = [(int(a), int(b), float(weight)) for a, b, weight in rows]

    def run(self, trials):
        search = infomap.Infomap(silent=True, two_level=True, seed=42, num_trials=int(trials))
        search.add_nodes(range(self.nodes))
        search.add_links(self.links)
        begin = time.perf_counter()
        result = search.run()
        modules = result.modules() if hasattr(result, "modules") else search.get_modules()
        seconds = time.perf_counter() - begin
        self.modules = dict(modules)
        return seconds

    def found(self, path):
        with open(path, "w") as file:
            file.writelines(f"{self.modules[v]}\n" for v in range(self.nodes))


def main():
    rival = Rival()
    print(f"ok Infomap {infomap.__version__}", flush=True)
    for line in sys.stdin:
        command, *words = line.split()
        try:
            print("ok", getattr(rival, command)(*words), flush=True)
        except Exception as e:  # the other side reports it
            print("error", command, type(e).__name__, str(e).replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
