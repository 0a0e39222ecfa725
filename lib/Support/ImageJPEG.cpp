//===- ImageJPEG.cpp - JPEG files -----------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImageCodecs.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Image.h"
#include <csetjmp>
#include <cstdio>
// jpeglib.h uses FILE and size_t without including them.
#include <jerror.h>
#include <jpeglib.h>

using namespace llvm;

namespace mlmodel {

namespace {

/// A progressive file can repeat scans over all pixels with a few bytes each.
constexpr int maxScans = 500;

class Reader {
public:
  explicit Reader(ArrayRef<uint8_t> bytes) : bytes(bytes) {
    info.err = jpeg_std_error(&errors);
    errors.error_exit = [](j_common_ptr info) { self(info)->raise(); };
    errors.emit_message = [](j_common_ptr info, int level) {
      if (level < 0)
        self(info)->handleWarning();
    };
    progress.progress_monitor = [](j_common_ptr info) {
      self(info)->countScans();
    };
    info.client_data = this;
  }
  ~Reader() { jpeg_destroy_decompress(&info); }
  Reader(const Reader &) = delete;

  Expected<Tensor> decode();

private:
  static Reader *self(j_common_ptr info) {
    return static_cast<Reader *>(info->client_data);
  }
  [[noreturn]] void raise() {
    errors.format_message(reinterpret_cast<j_common_ptr>(&info), message);
    longjmp(escape, 1);
  }
  void handleWarning();
  void countScans();
  bool readHeader();
  bool isLongEnough() const;
  bool readPixels(uint8_t *pixels);
  Error malformed(const Twine &what) {
    return makeError(ExitCode::IO, "not a valid JPEG file: " + what);
  }

  ArrayRef<uint8_t> bytes;
  jpeg_decompress_struct info = {};
  jpeg_error_mgr errors = {};
  jpeg_progress_mgr progress = {};
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX] = "";
};

} // namespace

/// Libjpeg warns and paints the rest gray where data is missing. That is
/// right for a viewer, but here it would be a silently wrong result.
void Reader::handleWarning() {
  switch (errors.msg_code) {
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_JPEG_EOF:
    raise();
  default:
    break;
  }
}

void Reader::countScans() {
  if (info.input_scan_number <= maxScans)
    return;
  std::snprintf(message, sizeof(message), "more than %d scans", maxScans);
  longjmp(escape, 1);
}

bool Reader::readHeader() {
  if (setjmp(escape))
    return false;
  jpeg_create_decompress(&info);
  info.progress = &progress;
  jpeg_mem_src(&info, bytes.data(), static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&info, TRUE);
  return true;
}

/// A plain Huffman file has at least two bits for the 64 pixels of a block.
/// The other kinds can encode many empty blocks as one.
bool Reader::isLongEnough() const {
  constexpr uint64_t maxPixelsPerByte = 256;
  return info.progressive_mode || info.arith_code ||
         uint64_t(info.image_height) * info.image_width <=
             bytes.size() * maxPixelsPerByte;
}

bool Reader::readPixels(uint8_t *pixels) {
  if (setjmp(escape))
    return false;
  jpeg_start_decompress(&info);
  size_t stride = size_t(info.output_width) * info.output_components;
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels + info.output_scanline * stride;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

Expected<Tensor> Reader::decode() {
  if (!readHeader())
    return malformed(message);
  if (!isLongEnough())
    return malformed("too short for " + Twine(info.image_height) + "x" +
                     Twine(info.image_width) + " pixels");
  bool isGray = info.jpeg_color_space == JCS_GRAYSCALE;
  bool isColor =
      info.jpeg_color_space == JCS_YCbCr || info.jpeg_color_space == JCS_RGB;
  if (!isGray && !isColor)
    return makeError(ExitCode::Unsupported,
                     "JPEG files in CMYK colours are not supported");
  info.out_color_space = isGray ? JCS_GRAYSCALE : JCS_RGB;
  Expected<Tensor> image =
      createImage(info.image_height, info.image_width, isGray ? 1 : 3);
  if (!image)
    return image;
  if (!readPixels(image->mutableBytes().data()))
    return malformed(message);
  return image;
}

Expected<Tensor> decodeJPEG(ArrayRef<uint8_t> bytes) {
  return Reader(bytes).decode();
}

} // namespace mlmodel
