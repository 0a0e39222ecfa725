//===- NpyReader.h - Little .npy reader for tests ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_COMPRESSION_NPYREADER_H
#define MLMODEL_UNITTESTS_COMPRESSION_NPYREADER_H

#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace mlmodel {

/// A C-order .npy file of format 1.0; enough for the golden vectors.
struct NpyArray {
  std::string type; // for example "<f4"
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  template <typename T> std::vector<T> as() const {
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty())
      std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
  }
};

inline bool readNpy(const std::string &path, NpyArray &array) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> all((std::istreambuf_iterator<char>(file)),
                        std::istreambuf_iterator<char>());
  if (all.size() < 10 || std::memcmp(all.data(), "\x93NUMPY\x01", 7) != 0)
    return false;
  size_t length = uint8_t(all[8]) | uint8_t(all[9]) << 8;
  std::string header(all.begin() + 10, all.begin() + 10 + length);
  array.bytes.assign(all.begin() + 10 + length, all.end());
  if (header.find("'fortran_order': False") == std::string::npos)
    return false;
  size_t type = header.find("'descr': '") + 10;
  array.type = header.substr(type, header.find('\'', type) - type);
  size_t begin = header.find('(') + 1;
  std::string shape = header.substr(begin, header.find(')') - begin);
  for (char *next = shape.data(); *next;) {
    char *end;
    int64_t dimension = std::strtoll(next, &end, 10);
    if (end == next)
      break;
    array.shape.push_back(dimension);
    next = *end == ',' ? end + 1 : end;
  }
  return true;
}

} // namespace mlmodel

#endif // MLMODEL_UNITTESTS_COMPRESSION_NPYREADER_H
