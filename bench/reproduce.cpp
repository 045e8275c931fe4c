// SPDX-License-Identifier: MIT
// Trains methods on folders of paired data and prints what they retrieve, a CSV line per run:
//
//   reproduce --data DIR... [--methods hint,cvh|all] [--bits 64] [--seeds 1] [--threads N] [--table]
//   reproduce --list
//
// A folder holds image.npy, text.npy (n x d each), labels.npy (n x classes, multi-hot) and split.npy
// (0 training and database, 1 database only, 2 query). A name that is no folder is looked for in
// $HINT_DATA. Labels serve evaluation alone. MAP in percent, over the whole ranking, expected over
// ties. recall_N in percent: the own pair of a query is among the first N of all held-out items, the mean of
// both directions; the one figure is about categories, the other about instances. peak_mb is the process' so
// far. FIGURE lines at the end give the mean of both directions over all seeds; --table prints the tables of
// the README beside, one row per method. --list tells the methods.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <hint/hint.hpp>

#include "methods.hpp"

namespace {

namespace fs = std::filesystem;

struct arguments {
  std::vector<fs::path> data;
  std::vector<std::string> methods{"hint", "cvh"};
  std::vector<std::size_t> bits{64};
  std::size_t seeds = 1;
  std::size_t threads = (std::max)(1U, std::thread::hardware_concurrency());
  bool table = false;
  bool list = false;
  bool help = false;
};

constexpr const char* usage =
    "usage: reproduce --data DIR... [--methods hint,cvh|all] [--bits 64] [--seeds 1] [--threads N]"
    " [--table]\n"
    "       reproduce --list\n";

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = (std::min)(text.find(',', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::size_t number(const std::string& name, const std::string& text) {
  std::size_t used = 0;
  unsigned long value = 0;
  try {
    value = std::stoul(text, &used);
  } catch (const std::exception&) {
  }
  hint::expects(used == text.size() && value > 0, name, " is \"", text,
                "\", expected a number above 0");
  return value;
}

fs::path find_data(const std::string& name) {
  if (fs::is_directory(name)) return name;
  if (const char* root = std::getenv("HINT_DATA"); root && fs::is_directory(fs::path(root) / name))
    return fs::path(root) / name;
  hint::expects<hint::io_error>(false, "--data: ", name, " is no folder, here or in $HINT_DATA");
  return {};
}

arguments parse(const std::vector<std::string>& words) {
  arguments a;
  for (std::size_t i = 0; i < words.size();) {
    const std::string option = words[i++];
    std::vector<std::string> values;
    while (i < words.size() && words[i].substr(0, 2) != "--")
      for (std::string& value : split_list(words[i++])) values.push_back(std::move(value));
    if (option == "--table" || option == "--list" || option == "--help") {
      (option == "--table" ? a.table : option == "--list" ? a.list : a.help) = true;
      hint::expects(values.empty(), option, " takes no value");
      continue;
    }
    hint::expects(!values.empty(), option, " needs a value (or is unknown)\n", usage,
                  "methods: ", bench::method_names());
    if (option == "--data") {
      for (const auto& v : values) a.data.push_back(find_data(v));
    } else if (option == "--methods") {
      a.methods = values;
      if (values == std::vector<std::string>{"all"}) {
        a.methods.clear();
        for (const auto& m : bench::methods) a.methods.emplace_back(m.name);
      }
      for (const auto& m : a.methods) bench::method_named(m);
    } else if (option == "--bits") {
      a.bits.clear();
      for (const auto& v : values) a.bits.push_back(number(option, v));
    } else if (option == "--seeds") {
      a.seeds = number(option, values.front());
    } else if (option == "--threads") {
      a.threads = number(option, values.front());
    } else {
      hint::expects(false, "unknown option ", option,
                    ", expected --data, --methods, --bits, --seeds, --threads, --table or --list");
    }
  }
  hint::expects(a.list || a.help || !a.data.empty(), "--data is missing: name at least one folder");
  return a;
}

constexpr std::array<std::size_t, 3> ranks{1, 10, 100};

/// Percent. A mean of several when added up.
struct result {
  double i2t = 0, t2i = 0;
  std::array<double, ranks.size()> recall{};  ///< of the own pair, mean of both directions
  double seconds = 0;
};

result evaluate(const bench::method& method, std::size_t bits, const hint::data::paired_files& set,
                const hint::context& ctx) {
  const auto begin = std::chrono::steady_clock::now();
  const auto model = method.fit(set.train(), bits, ctx);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const hint::code_set query_labels = set.query_labels();
  const hint::code_set database_labels = set.database_labels();
  const hint::eval::shared_label relevance{query_labels, database_labels};
  const hint::eval::average_precision map;
  const hint::eval::recall_at recall{{.at = {ranks.begin(), ranks.end()}}};
  result out;
  out.seconds = seconds;
  const auto direction = [&](hint::modality from) {
    const auto queries = model.encode(from, set.query(from), ctx);
    const auto database = model.encode(other(from), set.database(other(from)), ctx);
    const auto own = model.encode(other(from), set.query(other(from)), ctx);
    const auto found = hint::eval::run(recall, queries, own, hint::eval::same_row{}, ctx).value;
    for (std::size_t i = 0; i < ranks.size(); ++i) out.recall[i] += 50 * found[i];
    return 100 * hint::eval::run(map, queries, database, relevance, ctx).value;
  };
  out.i2t = direction(hint::image);
  out.t2i = direction(hint::text);
  return out;
}

/// The mean of the runs of a method on a data set.
using table = std::map<std::pair<std::string, std::string>, result>;

/// `print(mean)` writes a cell.
template <class Print>
void print_table(const arguments& a, const std::vector<std::string>& sets, const table& means,
                 const char* what, Print print) {
  for (const std::size_t bits : a.bits) {
    std::printf("\n| %s, %zu bits |", what, bits);
    for (const auto& set : sets) std::printf(" %s |", set.c_str());
    std::printf("\n|---|");
    for (std::size_t i = 0; i < sets.size(); ++i) std::printf("---|");
    for (const std::string& method : a.methods) {
      std::printf("\n| %s |", std::string(bench::method_named(method).title).c_str());
      for (const auto& set : sets) {
        print(means.at({set, method + " " + std::to_string(bits)}));
      }
    }
    std::puts("");
  }
}

void run(const arguments& a) {
  if (a.help) {
    std::fputs(usage, stdout);
    return;
  }
  if (a.list) {
    for (const auto& m : bench::methods)
      std::printf("%-8s %s\n", std::string(m.name).c_str(), std::string(m.says).c_str());
    return;
  }
  hint::thread_pool pool(a.threads);
  std::map<std::string, double> figures;
  table means;
  std::vector<std::string> sets;
  std::puts(
      "dataset,method,bits,seed,map_i2t,map_t2i,fit_seconds,peak_mb,recall_1,recall_10,recall_100");
  for (const fs::path& folder : a.data) {
    const std::string name = fs::absolute(folder / ".").parent_path().filename().string();
    const auto set = hint::data::read_set(folder);
    static_cast<void>(set.labels());  // missing ones are noticed before training
    hint::expects(!set.split().query.empty(), folder.string(),
                  ": no row asks (mark 2 in split.npy), nothing to evaluate");
    sets.push_back(name);
    for (const std::string& method : a.methods)
      for (const std::size_t bits : a.bits)
        for (std::size_t seed = 1; seed <= a.seeds; ++seed) {
          hint::context ctx{pool};
          ctx.seed = seed;
          const result r = evaluate(bench::method_named(method), bits, set, ctx);
          auto& mean = means[{name, method + " " + std::to_string(bits)}];
          mean.i2t += r.i2t / static_cast<double>(a.seeds);
          mean.t2i += r.t2i / static_cast<double>(a.seeds);
          std::printf("%s,%s,%zu,%zu,%.2f,%.2f,%.2f,%.0f", name.c_str(), method.c_str(), bits, seed,
                      r.i2t, r.t2i, r.seconds,
                      static_cast<double>(hint::peak_resident_bytes().value_or(0)) / 1048576);
          for (std::size_t i = 0; i < ranks.size(); ++i) {
            mean.recall[i] += r.recall[i] / static_cast<double>(a.seeds);
            std::printf(",%.2f", r.recall[i]);
            figures["recall_" + std::to_string(ranks[i]) + "_" + name + "_" + method + "_" +
                    std::to_string(bits)] += r.recall[i] / static_cast<double>(a.seeds);
          }
          std::puts("");
          std::fflush(stdout);
          figures["map_" + name + "_" + method + "_" + std::to_string(bits)] +=
              (r.i2t + r.t2i) / 2 / static_cast<double>(a.seeds);
        }
  }
  for (const auto& [name, value] : figures) std::printf("FIGURE %s %.2f\n", name.c_str(), value);
  if (!a.table) return;
  print_table(a, sets, means, "MAP",
              [](const result& r) { std::printf(" %.1f / %.1f |", r.i2t, r.t2i); });
  print_table(a, sets, means, "Recall@1 / 10 / 100 of the own pair", [](const result& r) {
    std::printf(" %.1f / %.1f / %.1f |", r.recall[0], r.recall[1], r.recall[2]);
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse({argv + 1, argv + argc}));
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "reproduce: " << e.what() << "\n";
    return 1;
  }
}
