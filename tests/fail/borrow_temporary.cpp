// EXPECT: use of deleted function|call to deleted (member )?function
// SPDX-License-Identifier: MIT
// A block that borrows a temporary matrix would look at freed memory.
#include <hint/data/block.hpp>

hint::data::block f() { return hint::data::block::borrow(hint::linalg::matrix<float>(2, 3)); }
