// SPDX-License-Identifier: MIT
// The table of methods, from which programs, usage and documents are made.
#include "../../bench/methods.hpp"

#include <set>
#include <string>

#include "learn/pairs.hpp"
#include "support/catch.hpp"

TEST_CASE("every method has a name of its own and trains", "[bench][methods]") {
  const hint_tests::clustered_pairs data(40, 4, 1);
  std::set<std::string_view> names;
  for (const bench::method& m : bench::methods) {
    CAPTURE(m.name);
    CHECK(names.insert(m.name).second);
    CHECK(&bench::method_named(m.name) == &m);
    CHECK_FALSE(m.says.empty());
    struct five_steps {  // enough to see that it runs
      std::size_t steps = 0;
      void on(const hint::step_report& r) { steps = r.step; }
      bool stop_requested() const { return steps >= 5; }
    } observer;
    hint::sequential here;
    const auto model = m.fit(data.pairs(), 24, hint::context{here, observer});
    CHECK(model.bits() == 24);
    CHECK(model.encode(hint::text, data.pairs().text()).size() == 40);
  }
}

TEST_CASE("an unknown method is answered with those that there are", "[bench][methods]") {
  CHECK_THROWS_MESSAGE(bench::method_named("dcmh"), hint::invalid_argument,
                       "--methods: dcmh is unknown, expected " + bench::method_names());
  CHECK(bench::method_names().substr(0, 10) == "hint, tree");
}
