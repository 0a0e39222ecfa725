//===- ImagePNG.cpp - PNG files -------------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImageCodecs.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Image.h"
#include <csetjmp>
#include <cstring>
#include <png.h>
#include <vector>

using namespace llvm;

namespace mlmodel {

namespace {

/// What reader and writer share: the place for libpng's message.
struct Failure {
  char message[200] = "unknown error";

  static void raise(png_structp png, png_const_charp text) {
    auto *self = static_cast<Failure *>(png_get_error_ptr(png));
    std::strncpy(self->message, text, sizeof(self->message) - 1);
    longjmp(png_jmpbuf(png), 1);
  }
  // Warnings are about metadata that is not used here.
  static void ignore(png_structp, png_const_charp) {}
};

class Reader {
public:
  explicit Reader(ArrayRef<uint8_t> bytes) : rest(bytes), total(bytes.size()) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure,
                                 Failure::raise, Failure::ignore);
    info = png ? png_create_info_struct(png) : nullptr;
  }
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader &) = delete;

  Expected<Tensor> decode();

private:
  static void readBytes(png_structp png, png_bytep to, size_t size);
  bool readHeader();
  Error checkSize();
  bool requestPlainSamples();
  bool readPixels();
  Error malformed(const Twine &what) {
    return makeError(ExitCode::IO, "not a valid PNG file: " + what);
  }

  Failure failure;
  ArrayRef<uint8_t> rest;
  uint64_t total;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<png_bytep> rows;
};

} // namespace

void Reader::readBytes(png_structp png, png_bytep to, size_t size) {
  auto *self = static_cast<Reader *>(png_get_io_ptr(png));
  if (size > self->rest.size())
    png_error(png, "the file is cut off");
  std::memcpy(to, self->rest.data(), size);
  self->rest = self->rest.drop_front(size);
}

/// Eight bits per sample; gray, RGB or RGBA.
bool Reader::requestPlainSamples() {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_byte color = png_get_color_type(png, info);
  bool hasAlpha =
      (color & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS);
  png_set_expand(png);
  png_set_scale_16(png);
  // There is no gray with alpha among the formats.
  if (!(color & PNG_COLOR_MASK_COLOR) && hasAlpha)
    png_set_gray_to_rgb(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool Reader::readHeader() {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_set_read_fn(png, this, readBytes);
  // The limits on pixels are our own; those on chunks stay at their defaults.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(png, info);
  return true;
}

bool Reader::readPixels() {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_read_image(png, rows.data());
  // Checks the checksums up to the end of the file.
  png_read_end(png, nullptr);
  return true;
}

/// Libpng clears memory for whole rows as soon as the samples are requested,
/// so this comes before.
Error Reader::checkSize() {
  int64_t height = png_get_image_height(png, info);
  int64_t width = png_get_image_width(png, info);
  // One bit per pixel is the least, and deflate shrinks 1032 times at best. So
  // a small file cannot make us ask for much memory.
  constexpr uint64_t maxPixelsPerByte = 8 * 1032;
  if (static_cast<uint64_t>(height) * width > total * maxPixelsPerByte)
    return malformed("too short for " + Twine(height) + "x" + Twine(width) +
                     " pixels");
  return checkImageSize(height, width);
}

Expected<Tensor> Reader::decode() {
  if (!info)
    return makeError(ExitCode::Limit, "no memory to read a PNG file");
  if (!readHeader())
    return malformed(failure.message);
  if (Error error = checkSize())
    return std::move(error);
  if (!requestPlainSamples())
    return malformed(failure.message);
  int64_t height = png_get_image_height(png, info);
  int64_t width = png_get_image_width(png, info);
  int64_t channels = png_get_channels(png, info);
  Expected<Tensor> image = createImage(height, width, channels);
  if (!image)
    return image;
  uint8_t *pixels = image->mutableBytes().data();
  for (int64_t row = 0; row < height; ++row)
    rows.push_back(pixels + row * width * channels);
  if (!readPixels())
    return malformed(failure.message);
  return image;
}

Expected<Tensor> decodePNG(ArrayRef<uint8_t> bytes) {
  return Reader(bytes).decode();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {

class Writer {
public:
  Writer() {
    png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &failure,
                                  Failure::raise, Failure::ignore);
    info = png ? png_create_info_struct(png) : nullptr;
  }
  ~Writer() { png_destroy_write_struct(&png, &info); }
  Writer(const Writer &) = delete;

  Expected<std::vector<uint8_t>> encode(const Tensor &image);

private:
  static void writeBytes(png_structp png, png_bytep from, size_t size) {
    auto *self = static_cast<Writer *>(png_get_io_ptr(png));
    self->output.insert(self->output.end(), from, from + size);
  }
  static void flush(png_structp) {}
  bool write(const Tensor &image, int colorType);

  Failure failure;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<uint8_t> output;
};

} // namespace

bool Writer::write(const Tensor &image, int colorType) {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_uint_32 height = static_cast<png_uint_32>(image.shape()[0]);
  png_uint_32 width = static_cast<png_uint_32>(image.shape()[1]);
  size_t stride = static_cast<size_t>(width * channelsOf(image));
  png_set_write_fn(png, this, writeBytes, flush);
  png_set_IHDR(png, info, width, height, 8, colorType, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (png_uint_32 row = 0; row < height; ++row)
    png_write_row(png, image.bytes().data() + row * stride);
  png_write_end(png, nullptr);
  return true;
}

Expected<std::vector<uint8_t>> Writer::encode(const Tensor &image) {
  if (!info)
    return makeError(ExitCode::Limit, "no memory to write a PNG file");
  int64_t channels = channelsOf(image);
  int colorType = channels == 1   ? PNG_COLOR_TYPE_GRAY
                  : channels == 3 ? PNG_COLOR_TYPE_RGB
                                  : PNG_COLOR_TYPE_RGB_ALPHA;
  if (!write(image, colorType))
    return makeError(ExitCode::IO,
                     "cannot encode as PNG: " + Twine(failure.message));
  return std::move(output);
}

Expected<std::vector<uint8_t>> encodePNG(const Tensor &image) {
  if (Error error = checkImage(image))
    return std::move(error);
  return Writer().encode(image);
}

Error writePNGFile(StringRef path, const Tensor &image) {
  Expected<std::vector<uint8_t>> bytes = encodePNG(image);
  if (!bytes)
    return addContext(path, bytes.takeError());
  return writeFileAtomically(path, ArrayRef<ArrayRef<uint8_t>>(*bytes));
}

} // namespace mlmodel
