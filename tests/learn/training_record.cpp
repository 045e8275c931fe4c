// SPDX-License-Identifier: MIT
#include <stdexcept>
#include <string>
#include <vector>

#include <hint/core/context.hpp>
#include <hint/learn/training_record.hpp>

#include "support/catch.hpp"

namespace {

using hint::learn::phase;
using hint::learn::training_record;

struct listener {
  std::vector<std::string> heard;
  void on(const hint::phase_report& r) {
    heard.push_back(std::string(r.phase) + " " + std::to_string(r.done).substr(0, 4) + " " +
                    std::string(r.note));
  }
};

TEST_CASE("phases are told and recorded, each name once", "[learn][training_record]") {
  listener l;
  hint::sequential here;
  const hint::context ctx{here, l};
  training_record record;
  {
    phase p(record, ctx, "graph");
    p.tell(0.25);
    p.note("12 edges");
  }
  {
    const phase p(record, ctx, "tree");
  }
  {
    const phase p(record, ctx, "graph");
  }
  try {
    const phase p(record, ctx, "train");
    throw std::runtime_error("no");
  } catch (const std::runtime_error&) {
  }
  CHECK(l.heard == std::vector<std::string>{"graph 0.00 ", "graph 0.25 ", "graph 1.00 12 edges",
                                            "tree 0.00 ", "tree 1.00 ", "graph 0.00 ",
                                            "graph 1.00 ", "train 0.00 "});
  REQUIRE(record.seconds.size() == 2);
  CHECK(record.seconds[0].first == "graph");
  CHECK(record.seconds[1].first == "tree");
  CHECK(record.seconds[0].second >= 0);
}

}  // namespace
