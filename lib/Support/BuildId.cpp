//===- BuildId.cpp - Which build of the compiler this is ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/BuildId.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <link.h>
#include <sys/stat.h>

using llvm::ArrayRef;
using llvm::StringRef;

/// The build id among the notes of a segment; empty if there is none.
static ArrayRef<uint8_t> findBuildId(ArrayRef<uint8_t> notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, notes.data(), sizeof(note));
    size_t nameEnd = sizeof(note) + llvm::alignTo(note.n_namesz, 4);
    size_t end = nameEnd + llvm::alignTo(note.n_descsz, 4);
    if (end > notes.size())
      break;
    StringRef name(reinterpret_cast<const char *>(notes.data()) + sizeof(note),
                   note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && name == StringRef("GNU", 4))
      return notes.slice(nameEnd, note.n_descsz);
    notes = notes.drop_front(end);
  }
  return {};
}

namespace {
/// A file of this process that is mapped as code.
class LoadedFile {
public:
  explicit LoadedFile(const dl_phdr_info &info) : info(info) {}

  bool contains(const void *address) const {
    auto where = reinterpret_cast<uintptr_t>(address);
    return llvm::any_of(segments(), [&](const ElfW(Phdr) & segment) {
      uintptr_t begin = info.dlpi_addr + segment.p_vaddr;
      return segment.p_type == PT_LOAD && where >= begin &&
             where - begin < segment.p_memsz;
    });
  }

  /// The path; the program itself has none here.
  std::string path() const {
    return *info.dlpi_name ? info.dlpi_name : "/proc/self/exe";
  }

  std::string describe() const {
    for (const ElfW(Phdr) & segment : segments()) {
      if (segment.p_type != PT_NOTE)
        continue;
      auto *notes =
          reinterpret_cast<const uint8_t *>(info.dlpi_addr + segment.p_vaddr);
      ArrayRef<uint8_t> id = findBuildId({notes, segment.p_memsz});
      if (!id.empty())
        return llvm::toHex(id);
    }
    struct stat status = {};
    ::stat(path().c_str(), &status);
    return llvm::formatv("{0}:{1}.{2}", status.st_size, status.st_mtim.tv_sec,
                         status.st_mtim.tv_nsec);
  }

private:
  ArrayRef<ElfW(Phdr)> segments() const {
    return {info.dlpi_phdr, info.dlpi_phnum};
  }

  const dl_phdr_info &info;
};
} // namespace

static int addBuildId(dl_phdr_info *info, size_t, void *text) {
  static const char inThisFile = 0;
  LoadedFile file(*info);
  std::string path = file.path();
  StringRef name = llvm::sys::path::filename(path);
  if (file.contains(&inThisFile) || name.starts_with("libLLVM") ||
      name.starts_with("libMLIR"))
    *static_cast<std::string *>(text) +=
        (name + "=" + file.describe() + "\n").str();
  return 0;
}

std::string mlmodel::getBuildId() {
  std::string text;
  dl_iterate_phdr(addBuildId, &text);
  return text;
}
