//===- BitPacking.cpp - Packing of 1 to 8 bit codes -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/BitPacking.h"
#include <cstring>

using namespace llvm;
using namespace mlmodel;

namespace {

/// Eight codes of N bits are exactly N bytes in both orders, so a group of
/// eight is the unit that needs no carry between iterations.
template <unsigned N, BitOrder Order> struct Group {
  static void pack(const uint8_t *codes, uint8_t *out) {
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; ++i)
      word |= uint64_t(codes[i])
              << (Order == BitOrder::MSBFirst ? (7 - i) * N : i * N);
    for (unsigned i = 0; i < N; ++i)
      out[i] = uint8_t(word >>
                       (Order == BitOrder::MSBFirst ? (N - 1 - i) * 8 : i * 8));
  }

  static void unpack(const uint8_t *packed, uint8_t *out) {
    uint64_t word = 0;
    for (unsigned i = 0; i < N; ++i)
      word |= uint64_t(packed[i])
              << (Order == BitOrder::MSBFirst ? (N - 1 - i) * 8 : i * 8);
    constexpr unsigned mask = (1u << N) - 1;
    for (unsigned i = 0; i < 8; ++i)
      out[i] =
          (word >> (Order == BitOrder::MSBFirst ? (7 - i) * N : i * N)) & mask;
  }
};

template <unsigned N, BitOrder Order>
void packAll(ArrayRef<uint8_t> codes, uint8_t *out) {
  size_t groups = codes.size() / 8, rest = codes.size() % 8;
  for (size_t g = 0; g < groups; ++g)
    Group<N, Order>::pack(codes.data() + g * 8, out + g * N);
  if (!rest)
    return;
  uint8_t tail[8] = {}, bytes[8] = {};
  std::memcpy(tail, codes.data() + groups * 8, rest);
  Group<N, Order>::pack(tail, bytes);
  std::memcpy(out + groups * N, bytes, (rest * N + 7) / 8);
}

template <unsigned N, BitOrder Order>
void unpackAll(ArrayRef<uint8_t> packed, size_t begin,
               MutableArrayRef<uint8_t> out) {
  size_t done = 0;
  while (done < out.size() && (begin + done) % 8 != 0) {
    out[done] = unpackOne(packed, N, Order, begin + done);
    ++done;
  }
  const uint8_t *source = packed.data() + (begin + done) / 8 * N;
  for (; out.size() - done >= 8; done += 8, source += N)
    Group<N, Order>::unpack(source, out.data() + done);
  for (; done < out.size(); ++done)
    out[done] = unpackOne(packed, N, Order, begin + done);
}

template <BitOrder Order>
void packOrder(ArrayRef<uint8_t> codes, unsigned bits, uint8_t *out) {
  switch (bits) {
  case 1:
    return packAll<1, Order>(codes, out);
  case 2:
    return packAll<2, Order>(codes, out);
  case 3:
    return packAll<3, Order>(codes, out);
  case 4:
    return packAll<4, Order>(codes, out);
  case 5:
    return packAll<5, Order>(codes, out);
  case 6:
    return packAll<6, Order>(codes, out);
  case 7:
    return packAll<7, Order>(codes, out);
  default:
    assert(bits == 8 && "1 to 8 bits");
    if (!codes.empty())
      std::memcpy(out, codes.data(), codes.size());
  }
}

template <BitOrder Order>
void unpackOrder(ArrayRef<uint8_t> packed, unsigned bits, size_t begin,
                 MutableArrayRef<uint8_t> out) {
  switch (bits) {
  case 1:
    return unpackAll<1, Order>(packed, begin, out);
  case 2:
    return unpackAll<2, Order>(packed, begin, out);
  case 3:
    return unpackAll<3, Order>(packed, begin, out);
  case 4:
    return unpackAll<4, Order>(packed, begin, out);
  case 5:
    return unpackAll<5, Order>(packed, begin, out);
  case 6:
    return unpackAll<6, Order>(packed, begin, out);
  case 7:
    return unpackAll<7, Order>(packed, begin, out);
  default:
    assert(bits == 8 && "1 to 8 bits");
    if (!out.empty())
      std::memcpy(out.data(), packed.data() + begin, out.size());
  }
}

} // namespace

void mlmodel::packBits(ArrayRef<uint8_t> codes, unsigned bits, BitOrder order,
                       MutableArrayRef<uint8_t> out) {
  assert(out.size() == packedSize(codes.size(), bits) && "wrong output size");
  if (order == BitOrder::MSBFirst)
    packOrder<BitOrder::MSBFirst>(codes, bits, out.data());
  else
    packOrder<BitOrder::LSBFirst>(codes, bits, out.data());
}

std::vector<uint8_t> mlmodel::packBits(ArrayRef<uint8_t> codes, unsigned bits,
                                       BitOrder order) {
  std::vector<uint8_t> out(packedSize(codes.size(), bits));
  packBits(codes, bits, order, out);
  return out;
}

void mlmodel::unpackBits(ArrayRef<uint8_t> packed, unsigned bits,
                         BitOrder order, size_t begin,
                         MutableArrayRef<uint8_t> out) {
  assert(packed.size() >= packedSize(begin + out.size(), bits) &&
         "packed data too short");
  if (order == BitOrder::MSBFirst)
    unpackOrder<BitOrder::MSBFirst>(packed, bits, begin, out);
  else
    unpackOrder<BitOrder::LSBFirst>(packed, bits, begin, out);
}

std::vector<uint8_t> mlmodel::unpackBits(ArrayRef<uint8_t> packed,
                                         unsigned bits, size_t count,
                                         BitOrder order) {
  std::vector<uint8_t> out(count);
  unpackBits(packed, bits, order, 0, out);
  return out;
}
