// SPDX-License-Identifier: MIT
/// \file
/// Files: arrays of other programs, and archives of our own.
#ifndef HINT_IO_HPP
#define HINT_IO_HPP

#include <hint/io/appending_file.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_metadata.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_section.hpp>
#include <hint/io/archive_stream.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/io/c_file.hpp>
#include <hint/io/describe.hpp>
#include <hint/io/element.hpp>
#include <hint/io/npy.hpp>
#include <hint/io/npy_codes.hpp>
#include <hint/io/npy_convert.hpp>
#include <hint/io/npy_header.hpp>
#include <hint/io/npy_hits.hpp>
#include <hint/io/xxh64.hpp>

#endif
