// SPDX-License-Identifier: MIT
// What models the concepts of align, and what does not.
#include <cstddef>

#include <hint/align/concepts.hpp>
#include <hint/align/mixing_schedule.hpp>
#include <hint/align/mmd.hpp>
#include <hint/align/neighborhood_sampler.hpp>

namespace {

using namespace hint;
using align::curriculum;
using align::discrepancy;
using align::proxy_sampler;

// discrepancies
struct smallest_discrepancy {
  template <class T>
  T value(const linalg::matrix_view<T>&, const linalg::matrix_view<T>&) const;
};
struct float_only {
  template <class T>
    requires std::same_as<T, float>
  T value(const linalg::matrix_view<T>&, const linalg::matrix_view<T>&) const;
};
struct not_a_template {
  double value(const linalg::matrix_view<double>&, const linalg::matrix_view<double>&) const;
};
struct discrepancy_not_const {
  template <class T>
  T value(const linalg::matrix_view<T>&, const linalg::matrix_view<T>&);
};
struct no_number {
  template <class T>
  void value(const linalg::matrix_view<T>&, const linalg::matrix_view<T>&) const;
};
static_assert(discrepancy<align::mmd>);
static_assert(discrepancy<smallest_discrepancy>);
static_assert(!discrepancy<float_only>);
static_assert(!discrepancy<not_a_template>);
static_assert(!discrepancy<discrepancy_not_const>);
static_assert(!discrepancy<no_number>);
static_assert(!discrepancy<int>);

// curricula
struct smallest_curriculum {
  bool measures() const;
  double weight(modality, std::size_t, std::size_t, double);
};
struct tells_nothing {
  double weight(modality, std::size_t, std::size_t, double);
};
struct of_steps_only {
  bool measures() const;
  double weight(std::size_t, std::size_t);
};
struct no_weight {
  bool measures() const;
  void weight(modality, std::size_t, std::size_t, double);
};
static_assert(curriculum<align::mixing_schedule>);
static_assert(curriculum<smallest_curriculum>);
static_assert(!curriculum<tells_nothing>);
static_assert(!curriculum<of_steps_only>);
static_assert(!curriculum<no_weight>);
static_assert(!curriculum<align::mmd>);

// samplers
struct smallest_sampler {
  align::proxies operator()(const align::sampler_input&, const context&) const;
};
struct sampler_not_const {
  align::proxies operator()(const align::sampler_input&, const context&);
};
struct one_table {
  align::proxy_table operator()(const align::sampler_input&, const context&) const;
};
struct of_a_tree {
  align::proxies operator()(const tree::encoding_tree&, const context&) const;
};
static_assert(proxy_sampler<align::neighborhood_sampler>);
static_assert(proxy_sampler<smallest_sampler>);
static_assert(!proxy_sampler<sampler_not_const>);
static_assert(!proxy_sampler<one_table>);
static_assert(!proxy_sampler<of_a_tree>);
static_assert(!proxy_sampler<align::mixing_schedule>);

// optional rows
struct treeless_sampler : smallest_sampler {
  bool needs_tree() const;
};
struct reads_twenty : smallest_sampler {
  std::size_t neighbors() const;
};
static_assert(align::may_need_no_tree<align::neighborhood_sampler>);
static_assert(align::announces_neighbors<align::neighborhood_sampler>);
static_assert(align::may_need_no_tree<treeless_sampler> &&
              align::announces_neighbors<reads_twenty>);
static_assert(!align::may_need_no_tree<smallest_sampler>);
static_assert(!align::announces_neighbors<treeless_sampler>);

}  // namespace
