// SPDX-License-Identifier: MIT
#include <hint/io/atomic_file.hpp>

#if !defined(_WIN32)

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <hint/core/code_set.hpp>
#include <hint/io/appending_file.hpp>
#include <hint/io/archive.hpp>
#include <hint/io/npy.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/unprivileged.hpp"

namespace fs = std::filesystem;
namespace io = hint::io;

using hint_tests::bytes_of;
using hint_tests::read_file;
using hint_tests::temporary_folder;

namespace {

void write(const fs::path& path, const std::string& content,
           io::write_mode mode = io::write_mode::replace) {
  io::atomic_file file(path, mode);
  file.write(bytes_of(content));
  file.commit();
}

unsigned mode_of(const fs::path& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

/// A socket with a name, as long as it lives.
class named_socket {
 public:
  explicit named_socket(const fs::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.string().size() < sizeof address.sun_path);
    std::strcpy(address.sun_path, path.c_str());
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  named_socket(const named_socket&) = delete;
  named_socket& operator=(const named_socket&) = delete;
  ~named_socket() { ::close(socket_); }

 private:
  int socket_;
};

const std::string advice = " (write_mode::direct writes into a pipe or a device)";
const std::string no_place = "; no new file can take its place, write_mode::direct writes into it";

}  // namespace

TEST_CASE("atomic_file: links are followed, wherever they lead") {
  const temporary_folder folder;
  fs::create_directories(folder / "a" / "b");
  fs::create_directory(folder / "c");
  hint_tests::write_file(folder / "c" / "target", "old");
  fs::create_symlink("../../c/target", folder / "a" / "b" / "relative");
  fs::create_symlink(folder / "c" / "target", folder / "absolute");
  fs::create_symlink("a/b/relative", folder / "chain");
  fs::create_symlink("a/b", folder / "way");  // `..` leaves the folder that the link leads to
  for (const fs::path& link : {folder / "a" / "b" / "relative", folder / "absolute",
                               folder / "chain", folder / "way" / "relative"}) {
    write(link, link.string());
    CHECK(fs::is_symlink(fs::symlink_status(link)));
    CHECK_FALSE(fs::is_symlink(fs::symlink_status(folder / "c" / "target")));
    CHECK(read_file(folder / "c" / "target") == link.string());
  }
  write(folder / "way" / ".." / "c", "c is a/c");
  CHECK(read_file(folder / "a" / "c") == "c is a/c");
  CHECK(folder.size() == 5);
}

TEST_CASE("atomic_file: a link to nothing gets what it leads to") {
  const temporary_folder folder;
  fs::create_directory(folder / "elsewhere");
  fs::create_symlink("elsewhere/target", folder / "link");
  fs::create_symlink("link", folder / "chain");
  write(folder / "chain", "new");
  CHECK(read_file(folder / "elsewhere" / "target") == "new");
  CHECK(fs::is_symlink(fs::symlink_status(folder / "link")));
  CHECK(fs::is_symlink(fs::symlink_status(folder / "chain")));

  const std::string lost = (folder / "lost").string(), gone = (folder / "no" / "x").string();
  fs::create_symlink("no/x", lost);
  CHECK_THROWS_MESSAGE(write(lost, "x"), hint::io_error,
                       "cannot write " + lost + " -> " + gone + ": No such file or directory");
  const std::string circle = (folder / "circle").string();
  fs::create_symlink("circle", circle);
  CHECK_THROWS_MESSAGE(write(circle, "x"), hint::io_error,
                       "cannot write " + circle + ": Too many levels of symbolic links");
  CHECK(folder.size() == 5);
}

TEST_CASE("atomic_file: what is no regular file is refused and stays what it is") {
  const temporary_folder folder;
  const fs::path pipe = folder / "pipe", socket = folder / "socket", link = folder / "link";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const named_socket server(socket);
  fs::create_symlink("pipe", link);
  struct refusal {
    fs::path path;
    std::string what;
  };
  for (const refusal& r :
       std::vector<refusal>{{pipe, ": is a pipe, expected a regular file" + advice},
                            {link, ": is a pipe, expected a regular file" + advice},
                            {socket, ": is a socket, expected a regular file"},
                            {"/dev/null", ": is a device, expected a regular file" + advice},
                            {folder.path(), ": Is a directory"}}) {
    CHECK_THROWS_MESSAGE(write(r.path, "x"), hint::io_error,
                         "cannot write " + r.path.string() + r.what);
    if (r.path != folder.path())
      CHECK_THROWS_MESSAGE(
          io::appending_file(r.path), hint::io_error,
          "cannot append to " + r.path.string() + r.what.substr(0, r.what.find(" (write_mode")));
  }
  for (const auto& path : {socket, folder.path()})
    CHECK_THROWS_AS(write(path, "x", io::write_mode::direct), hint::io_error);
  CHECK(fs::is_fifo(fs::status(pipe)));
  CHECK(fs::is_socket(fs::status(socket)));
  CHECK(fs::is_character_file(fs::status("/dev/null")));
  CHECK(folder.size() == 3);
}

TEST_CASE("atomic_file: direct writing reaches pipes, devices and files") {
  const temporary_folder folder;
  const fs::path pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string content(300000, 'x');  // more than a pipe holds
  std::string read;
  std::thread reader([&] { read = read_file(pipe); });
  write(pipe, content, io::write_mode::direct);
  reader.join();
  CHECK(read == content);
  CHECK(fs::is_fifo(fs::status(pipe)));

  const auto handler = std::signal(SIGPIPE, SIG_IGN);
  std::thread leaves([&] { std::fclose(std::fopen(pipe.c_str(), "rb")); });
  CHECK_THROWS_MESSAGE(write(pipe, content, io::write_mode::direct), hint::io_error,
                       "cannot write " + pipe.string() + ": Broken pipe");
  leaves.join();
  std::signal(SIGPIPE, handler);

  write("/dev/null", "x", io::write_mode::direct);
  CHECK_THROWS_MESSAGE(write("/dev/full", "x", io::write_mode::direct), hint::io_error,
                       "cannot write /dev/full: No space left on device");

  const fs::path file = folder / "file", other = folder / "other";
  write(file, "new", io::write_mode::direct);  // there was none
  CHECK(read_file(file) == "new");
  fs::create_hard_link(file, other);
  write(file, "x", io::write_mode::direct);
  CHECK(read_file(other) == "x");
  CHECK(fs::hard_link_count(file) == 2);
  write(file, "replaced");  // in its place; the other name keeps what it has
  CHECK(read_file(other) == "x");
  CHECK(read_file(file) == "replaced");
  CHECK(folder.size() == 3);
}

TEST_CASE("atomic_file: the mode stays, and is private from the first byte on") {
  const temporary_folder folder;
  for (const unsigned mode : {0600U, 0640U, 0666U, 0755U, 0400U, 0777U, 01644U}) {
    const fs::path path = folder / "a";
    hint_tests::write_file(path, "old");
    REQUIRE(::chmod(path.c_str(), static_cast<mode_t>(mode)) == 0);
    if (::geteuid() != 0 && (mode & 0200U) == 0) continue;
    io::atomic_file file(path);
    file.write(bytes_of("new"));
    CHECK(mode_of(folder / "a.0.part") == 0600);
    file.commit();
    CHECK(mode_of(path) == mode);
    CHECK(read_file(path) == "new");
  }
  const mode_t before = ::umask(027);
  write(folder / "new", "x");
  ::umask(before);
  CHECK(mode_of(folder / "new") == 0640);
}

TEST_CASE("atomic_file: owner and group stay where the system allows") {
  if (::geteuid() != 0) return;  // nobody else can give files away
  const temporary_folder folder;
  const fs::path path = folder / "a";
  hint_tests::write_file(path, "old");
  REQUIRE(::chown(path.c_str(), 12345, 23456) == 0);
  REQUIRE(::chmod(path.c_str(), 04760) == 0);
  write(path, "new");
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK(status.st_uid == 12345);
  CHECK(status.st_gid == 23456);
  CHECK(mode_of(path) == 04760);

  // Others keep neither, and give the rights of the old group to no other one.
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  REQUIRE(::chmod(path.c_str(), 04766) == 0);
  {
    const hint_tests::unprivileged user;
    write(path, "newer");
  }
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK(status.st_uid == 65534);
  CHECK(status.st_gid == 65534);
  CHECK(mode_of(path) == 0766);
  REQUIRE(::chown(path.c_str(), 12345, 23456) == 0);
  REQUIRE(::chmod(path.c_str(), 0772) == 0);
  {
    const hint_tests::unprivileged user;
    write(path, "newest");
  }
  CHECK(mode_of(path) == 0722);
}

TEST_CASE("atomic_file: what may not be written to stays") {
  const hint_tests::unprivileged user;
  const temporary_folder folder;
  const fs::path path = folder / "a";
  hint_tests::write_file(path, "old");
  REQUIRE(::chmod(path.c_str(), 0444) == 0);
  CHECK_THROWS_MESSAGE(write(path, "new"), hint::io_error,
                       "cannot write " + path.string() + ": Permission denied");
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  const fs::path fresh = folder / "b";
  REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
  CHECK_THROWS_MESSAGE(write(path, "new"), hint::io_error,
                       "cannot write " + path.string() + ": Permission denied" + no_place);
  CHECK_THROWS_MESSAGE(write(fresh, "new"), hint::io_error,
                       "cannot write " + fresh.string() + ": Permission denied");
  CHECK(read_file(path) == "old");
  write(path, "direct", io::write_mode::direct);
  CHECK(read_file(path) == "direct");
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
  CHECK(folder.size() == 1);
}

TEST_CASE("atomic_file: names as long as the system takes, and files without a name") {
  const temporary_folder folder;
  const fs::path path = folder / std::string(255, 'n');
  write(path, "x");
  write(path, "y");
  CHECK(read_file(path) == "y");
  CHECK(folder.size() == 1);
  const std::string longer = (folder / std::string(256, 'n')).string();
  CHECK_THROWS_MESSAGE(write(longer, "x"), hint::io_error,
                       "cannot write " + longer + ": File name too long");
#if defined(__linux__)
  std::FILE* open = std::fopen((folder / "gone").c_str(), "w");
  REQUIRE(open != nullptr);
  fs::remove(folder / "gone");
  const std::string nameless = "/proc/self/fd/" + std::to_string(::fileno(open));
  CHECK_THROWS_MESSAGE(write(nameless, "x"), hint::io_error,
                       "cannot write " + nameless + " -> " + (folder / "gone").string() +
                           " (deleted): the file has no such name any more"
                           " (write_mode::direct writes into it)");
  std::fclose(open);
#endif
  CHECK(folder.size() == 1);
}

TEST_CASE("every writer keeps links, pipes and modes") {
  const std::vector<float> values{1, 2, 3};
  const hint::code_set codes(64, 3);
  const std::vector<std::function<void(const fs::path&, io::write_mode)>> writers{
      [&](const fs::path& path, io::write_mode mode) { io::save(path, codes, mode); },
      [&](const fs::path& path, io::write_mode mode) {
        io::archive_writer writer(1000);
        writer.array("values", values, 3, 1);
        writer.save(path, mode);
      },
      [&](const fs::path& path, io::write_mode mode) {
        io::write_npy<float>(path, values, {3}, io::npy_order::c, mode);
      },
      [&](const fs::path& path, io::write_mode mode) {
        io::write_npy(path, io::npy_array<float>{{3}, values}, mode);
      }};
  for (const auto& writer : writers) {
    const temporary_folder folder;
    const fs::path plain = folder / "plain", target = folder / "target", pipe = folder / "pipe";
    writer(plain, io::write_mode::replace);
    hint_tests::write_file(target, "old");
    REQUIRE(::chmod(target.c_str(), 0600) == 0);
    fs::create_symlink("target", folder / "link");
    writer(folder / "link", io::write_mode::replace);
    CHECK(fs::is_symlink(fs::symlink_status(folder / "link")));
    CHECK(read_file(target) == read_file(plain));
    CHECK(mode_of(target) == 0600);

    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_AS(writer(pipe, io::write_mode::replace), hint::io_error);
    std::string read;
    std::thread reader([&] { read = read_file(pipe); });
    writer(pipe, io::write_mode::direct);
    reader.join();
    CHECK(read == read_file(plain));
    CHECK(folder.size() == 4);
  }
}

#endif
