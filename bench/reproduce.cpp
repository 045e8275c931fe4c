// SPDX-License-Identifier: MIT
// Trains methods on folders of paired data and prints what they retrieve, a CSV line per run:
//
//   reproduce --data DIR... [--methods hint,cvh] [--bits 64] [--seeds 1] [--threads N]
//
// A folder holds image.npy, text.npy (n x d each), labels.npy (n x classes, multi-hot) and split.npy
// (0 training and database, 1 database only, 2 query). A name that is no folder is looked for in
// $HINT_DATA. Labels serve evaluation alone. MAP in percent, over the whole ranking, expected over
// ties. FIGURE lines at the end give the mean of both directions over all seeds.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <hint/hint.hpp>

namespace {

namespace fs = std::filesystem;

struct arguments {
  std::vector<fs::path> data;
  std::vector<std::string> methods{"hint", "cvh"};
  std::vector<std::size_t> bits{64};
  std::size_t seeds = 1;
  std::size_t threads = (std::max)(1U, std::thread::hardware_concurrency());
};

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
    hint::expects(!values.empty(), option,
                  " needs a value; usage: reproduce --data DIR... "
                  "[--methods hint,cvh] [--bits 64] [--seeds 1] [--threads N]");
    if (option == "--data") {
      for (const auto& v : values) a.data.push_back(find_data(v));
    } else if (option == "--methods") {
      a.methods = values;
    } else if (option == "--bits") {
      a.bits.clear();
      for (const auto& v : values) a.bits.push_back(number(option, v));
    } else if (option == "--seeds") {
      a.seeds = number(option, values.front());
    } else if (option == "--threads") {
      a.threads = number(option, values.front());
    } else {
      hint::expects(false, "unknown option ", option,
                    ", expected --data, --methods, --bits, --seeds or --threads");
    }
  }
  hint::expects(!a.data.empty(), "--data is missing: name at least one folder");
  return a;
}

/// The names that --methods knows, in the order of the documents.
const std::map<std::string, hint::learn::hint_options (*)(std::size_t)>& hint_methods() {
  using o = hint::learn::hint_options;
  static const std::map<std::string, o (*)(std::size_t)> all{
      {"hint", [](std::size_t bits) { return o{.bits = bits}; }},
      {"fused", &o::fused},
      {"tree", &o::tree},
      {"paper", &o::paper},
      {"v1", [](std::size_t bits) { return o::ablation(1, bits); }},
      {"v2", [](std::size_t bits) { return o::ablation(2, bits); }},
      {"v3", [](std::size_t bits) { return o::ablation(3, bits); }},
      {"v4", [](std::size_t bits) { return o::ablation(4, bits); }},
      {"v5", [](std::size_t bits) { return o::ablation(5, bits); }}};
  return all;
}

struct result {
  double i2t, t2i, seconds;
};

template <class Learner>
result evaluate(const Learner& learner, const hint::data::paired_files& set,
                const hint::context& ctx) {
  const auto begin = std::chrono::steady_clock::now();
  const auto model = learner.fit(set.train(), ctx);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const hint::code_set query_labels = set.query_labels();
  const hint::code_set database_labels = set.database_labels();
  const hint::eval::shared_label relevance{query_labels, database_labels};
  const hint::eval::average_precision map;
  const auto direction = [&](hint::modality from) {
    const auto queries = model.encode(from, set.query(from), ctx);
    const auto database = model.encode(other(from), set.database(other(from)), ctx);
    return 100 * hint::eval::run(map, queries, database, relevance, ctx).value;
  };
  return {direction(hint::image), direction(hint::text), seconds};
}

void run(const arguments& a) {
  hint::thread_pool pool(a.threads);
  std::map<std::string, double> figures;
  std::puts("dataset,method,bits,seed,map_i2t,map_t2i,fit_seconds");
  for (const fs::path& folder : a.data) {
    const std::string name = fs::absolute(folder / ".").parent_path().filename().string();
    const auto set = hint::data::read_set(folder);
    for (const std::string& method : a.methods)
      for (const std::size_t bits : a.bits)
        for (std::size_t seed = 1; seed <= a.seeds; ++seed) {
          hint::context ctx{pool};
          ctx.seed = seed;
          const auto found = hint_methods().find(method);
          hint::expects(found != hint_methods().end() || method == "cvh", "--methods: ", method,
                        " is unknown, expected hint, fused, tree, paper, v1 .. v5 or cvh");
          const result r = method == "cvh"
                               ? evaluate(hint::learn::cvh{{.bits = bits}}, set, ctx)
                               : evaluate(hint::learn::hint{found->second(bits)}, set, ctx);
          std::printf("%s,%s,%zu,%zu,%.2f,%.2f,%.2f\n", name.c_str(), method.c_str(), bits, seed,
                      r.i2t, r.t2i, r.seconds);
          std::fflush(stdout);
          figures["map_" + name + "_" + method + "_" + std::to_string(bits)] +=
              (r.i2t + r.t2i) / 2 / static_cast<double>(a.seeds);
        }
  }
  for (const auto& [name, value] : figures) std::printf("FIGURE %s %.2f\n", name.c_str(), value);
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
