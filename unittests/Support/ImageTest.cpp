//===- ImageTest.cpp - PNG, JPEG and image operations ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Image.h"
#include "TestUtils.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <zlib.h>
// jpeglib.h uses FILE and size_t without including them.
#include <jpeglib.h>

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

/// A smooth image, which JPEG keeps closely.
static Tensor makeImage(int64_t height, int64_t width, int64_t channels) {
  Tensor image = expectValue(
      Tensor::create(ElementType::UInt8, {height, width, channels}));
  MutableArrayRef<uint8_t> pixels = image.mutableData<uint8_t>();
  size_t i = 0;
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < channels; ++c)
        pixels[i++] = static_cast<uint8_t>(40 + 3 * y + 2 * x + 30 * c);
  return image;
}

static Tensor makePixels(ArrayRef<int64_t> shape,
                         std::initializer_list<uint8_t> values) {
  return Tensor::fromValues<uint8_t>(shape, values);
}

static Expected<Tensor> decode(ArrayRef<uint8_t> bytes,
                               PixelFormat format = PixelFormat::AsStored) {
  return decodeImage(bytes, "x.img", format);
}

//===----------------------------------------------------------------------===//
// PNG
//===----------------------------------------------------------------------===//

static std::string bigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift);
  return bytes;
}

static std::string makeChunk(const std::string &tag, const std::string &data) {
  std::string body = tag + data;
  uint32_t crc =
      static_cast<uint32_t>(crc32_z(0, asBytes(body).data(), body.size()));
  return bigEndian(static_cast<uint32_t>(data.size())) + body + bigEndian(crc);
}

/// A PNG file by hand, for the forms that the writer does not write.
/// \p scanlines are filter bytes and samples.
static std::string makePNG(uint32_t width, uint32_t height, int depth,
                           int color, const std::string &extra,
                           const std::string &scanlines) {
  uLongf size = compressBound(scanlines.size());
  std::string packed(size, '\0');
  EXPECT_EQ(compress(reinterpret_cast<Bytef *>(packed.data()), &size,
                     asBytes(scanlines).data(), scanlines.size()),
            Z_OK);
  packed.resize(size);
  std::string header = bigEndian(width) + bigEndian(height) +
                       static_cast<char>(depth) + static_cast<char>(color) +
                       std::string(3, '\0');
  return "\x89PNG\r\n\x1A\n" + makeChunk("IHDR", header) + extra +
         makeChunk("IDAT", packed) + makeChunk("IEND", "");
}

static std::string raw(std::initializer_list<int> values) {
  std::string result;
  for (int value : values)
    result += static_cast<char>(value);
  return result;
}

TEST(PNG, RoundTrips) {
  TemporaryDirectory dir;
  for (int64_t channels : {1, 3, 4}) {
    Tensor image = makeImage(7, 5, channels);
    std::string path = dir.path("x.png");
    expectSuccess(writePNGFile(path, image));
    EXPECT_EQ(expectValue(readImageFile(path)), image);
  }
  Tensor flat = makeImage(7, 5, 1), image = flat;
  expectSuccess(flat.reshape({7, 5}));
  EXPECT_EQ(expectValue(decode(expectValue(encodePNG(flat)))), image);
}

TEST(PNG, ReadsOtherDepthsAndColours) {
  EXPECT_EQ(expectValue(
                decode(asBytes(makePNG(4, 1, 1, 0, "", raw({0, 0b10110000}))))),
            makePixels({1, 4, 1}, {255, 0, 255, 255}));
  EXPECT_EQ(expectValue(decode(asBytes(
                makePNG(2, 1, 16, 0, "", raw({0, 0xFF, 0xFF, 0x80, 0x80}))))),
            makePixels({1, 2, 1}, {255, 128}));
  std::string palette = makeChunk("PLTE", raw({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(expectValue(
                decode(asBytes(makePNG(2, 1, 8, 3, palette, raw({0, 1, 0}))))),
            makePixels({1, 2, 3}, {4, 5, 6, 1, 2, 3}));
  std::string transparent = palette + makeChunk("tRNS", raw({9}));
  EXPECT_EQ(expectValue(decode(
                asBytes(makePNG(2, 1, 8, 3, transparent, raw({0, 1, 0}))))),
            makePixels({1, 2, 4}, {4, 5, 6, 255, 1, 2, 3, 9}));
  EXPECT_EQ(
      expectValue(decode(asBytes(makePNG(1, 1, 8, 4, "", raw({0, 50, 7}))))),
      makePixels({1, 1, 4}, {50, 50, 50, 7}));
}

TEST(PNG, EveryTruncationIsAnError) {
  std::vector<uint8_t> file = expectValue(encodePNG(makeImage(20, 20, 3)));
  for (size_t size = 0; size < file.size(); ++size)
    expectError(decode(ArrayRef<uint8_t>(file).take_front(size)), ExitCode::IO,
                "x.img: ");
}

TEST(PNG, EveryFlippedBitIsHarmless) {
  std::vector<uint8_t> file = expectValue(encodePNG(makeImage(6, 6, 3)));
  for (size_t i = 0; i < file.size() * 8; ++i) {
    std::vector<uint8_t> damaged = file;
    damaged[i / 8] ^= 1 << (i % 8);
    consumeError(decode(damaged).takeError());
  }
}

TEST(PNG, RefusesSizesTheFileCannotHave) {
  expectError(decode(asBytes(makePNG(60000, 4000, 8, 0, "", "x"))),
              ExitCode::IO, "too short for 4000x60000 pixels");
  expectError(decode(asBytes(makePNG(0x7FFFFFFF, 0x7FFFFFFF, 8, 6, "", "x"))),
              ExitCode::IO, "too short");
  // Long enough to be possible, but over the limit.
  std::string filler = makeChunk("teXt", std::string(100000, ' '));
  expectError(decode(asBytes(makePNG(70000, 2, 8, 0, filler, "x"))),
              ExitCode::Limit, "2x70000 pixels is above the limit");
}

TEST(PNG, RefusesWhatIsNoImage) {
  expectError(decode(asBytes("GIF89a")), ExitCode::IO,
              "neither a PNG nor a JPEG");
  expectError(decode({}), ExitCode::IO, "neither a PNG nor a JPEG");
  for (const Tensor &tensor :
       {Tensor::fromValues<float>({1, 1}, {1}), Tensor::scalar<uint8_t>(1),
        makePixels({1, 1, 2}, {1, 2}), makePixels({0, 1}, {})})
    expectError(writePNGFile("x.png", tensor), ExitCode::Usage,
                "x.png: expected an image");
}

//===----------------------------------------------------------------------===//
// JPEG
//===----------------------------------------------------------------------===//

static std::vector<uint8_t> encodeJPEG(const Tensor &image, J_COLOR_SPACE space,
                                       bool progressive = false) {
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char *memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_height = static_cast<JDIMENSION>(image.shape()[0]);
  info.image_width = static_cast<JDIMENSION>(image.shape()[1]);
  info.input_components = static_cast<int>(image.shape()[2]);
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 98, TRUE);
  if (progressive)
    jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<uint8_t> pixels = image.data<uint8_t>().vec();
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = pixels.data() + size_t(info.next_scanline) *
                                       info.image_width * info.input_components;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::vector<uint8_t> result(memory, memory + size);
  std::free(memory);
  return result;
}

static void expectClose(const Tensor &a, const Tensor &b, int tolerance) {
  ASSERT_EQ(a.shape(), b.shape());
  for (int64_t i = 0; i < a.size(); ++i)
    ASSERT_NEAR(a.data<uint8_t>()[i], b.data<uint8_t>()[i], tolerance);
}

TEST(JPEG, ReadsGrayAndColour) {
  for (bool progressive : {false, true}) {
    Tensor color = makeImage(20, 30, 3), gray = makeImage(20, 30, 1);
    expectClose(expectValue(decode(encodeJPEG(color, JCS_RGB, progressive))),
                color, 6);
    expectClose(
        expectValue(decode(encodeJPEG(gray, JCS_GRAYSCALE, progressive))), gray,
        3);
  }
}

TEST(JPEG, ConvertsToTheFormatAskedFor) {
  std::vector<uint8_t> file = encodeJPEG(makeImage(20, 30, 1), JCS_GRAYSCALE);
  EXPECT_EQ(expectValue(decode(file, PixelFormat::RGB)).shape(),
            ArrayRef<int64_t>({20, 30, 3}));
  file = encodeJPEG(makeImage(20, 30, 3), JCS_RGB);
  EXPECT_EQ(expectValue(decode(file, PixelFormat::Gray)).shape(),
            ArrayRef<int64_t>({20, 30, 1}));
}

TEST(JPEG, EveryTruncationIsAnError) {
  for (bool progressive : {false, true}) {
    std::vector<uint8_t> file =
        encodeJPEG(makeImage(20, 30, 3), JCS_RGB, progressive);
    for (size_t size = 0; size < file.size(); ++size)
      expectError(decode(ArrayRef<uint8_t>(file).take_front(size)),
                  ExitCode::IO, "x.img: ");
  }
}

TEST(JPEG, EveryFlippedBitIsHarmless) {
  for (bool progressive : {false, true}) {
    std::vector<uint8_t> file =
        encodeJPEG(makeImage(16, 16, 3), JCS_RGB, progressive);
    for (size_t i = 0; i < file.size() * 8; ++i) {
      std::vector<uint8_t> damaged = file;
      damaged[i / 8] ^= 1 << (i % 8);
      consumeError(decode(damaged).takeError());
    }
  }
}

TEST(JPEG, RefusesSizesTheFileCannotHave) {
  for (bool progressive : {false, true}) {
    std::vector<uint8_t> file =
        encodeJPEG(makeImage(16, 16, 3), JCS_RGB, progressive);
    uint8_t tag[] = {0xFF, static_cast<uint8_t>(progressive ? 0xC2 : 0xC0)};
    auto frame = std::search(file.begin(), file.end(), tag, tag + 2);
    ASSERT_NE(frame, file.end());
    // Height and width follow the tag, the length and the precision.
    std::fill(frame + 5, frame + 9, 0xFD);
    expectError(decode(file), progressive ? ExitCode::Limit : ExitCode::IO,
                progressive ? "above the limit"
                            : "too short for 65021x65021 pixels");
  }
}

TEST(JPEG, RefusesCMYK) {
  expectError(decode(encodeJPEG(makeImage(8, 8, 4), JCS_CMYK)),
              ExitCode::Unsupported, "x.img: JPEG files in CMYK");
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

TEST(Image, ConvertsChannels) {
  Tensor rgb = makePixels({1, 2, 3}, {10, 20, 30, 255, 255, 255});
  EXPECT_EQ(expectValue(convertPixels(rgb, PixelFormat::RGBA)),
            makePixels({1, 2, 4}, {10, 20, 30, 255, 255, 255, 255, 255}));
  Tensor rgba = makePixels({1, 1, 4}, {10, 20, 30, 40});
  EXPECT_EQ(expectValue(convertPixels(rgba, PixelFormat::RGB)),
            makePixels({1, 1, 3}, {10, 20, 30}));
  EXPECT_EQ(
      expectValue(convertPixels(makePixels({1, 1}, {7}), PixelFormat::RGB)),
      makePixels({1, 1, 3}, {7, 7, 7}));
  EXPECT_EQ(expectValue(
                convertPixels(makePixels({1, 1}, {7}), PixelFormat::AsStored)),
            makePixels({1, 1, 1}, {7}));
}

TEST(Image, GrayIsLuma) {
  EXPECT_EQ(expectValue(convertToGray(
                makePixels({5, 1, 3}, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255,
                                       255, 255, 9, 9, 9}))),
            makePixels({5, 1, 1}, {76, 150, 29, 255, 9}));
}

TEST(Image, CropsTheCentre) {
  Tensor image = makePixels({3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  EXPECT_EQ(expectValue(cropCenter(image, 1, 2)),
            makePixels({1, 2, 1}, {5, 6}));
  EXPECT_EQ(expectValue(cropCenter(image, 2, 1)),
            makePixels({2, 1, 1}, {1, 5}));
  expectError(cropCenter(image, 4, 1), ExitCode::Usage,
              "cannot crop 3x4 pixels to 4x1");
  expectError(cropCenter(image, 0, 1), ExitCode::Usage, "0x1 pixels is empty");
}

TEST(Image, SameSizeIsExact) {
  Tensor image = makeImage(9, 11, 3);
  for (ResizeFilter filter : {ResizeFilter::Bilinear, ResizeFilter::Area})
    EXPECT_EQ(expectValue(resizeImage(image, 9, 11, filter)), image);
}

TEST(Image, ResizesBilinearly) {
  Tensor image = makePixels({1, 2}, {0, 100});
  EXPECT_EQ(expectValue(resizeImage(image, 1, 4)),
            makePixels({1, 4, 1}, {0, 25, 75, 100}));
  Tensor column = makePixels({4, 1}, {0, 10, 20, 30});
  EXPECT_EQ(expectValue(resizeImage(column, 2, 1)),
            makePixels({2, 1, 1}, {5, 25}));
}

TEST(Image, ResizesByArea) {
  Tensor image = makePixels({2, 3, 1}, {0, 60, 120, 0, 60, 120});
  EXPECT_EQ(expectValue(resizeImage(image, 1, 1, ResizeFilter::Area)),
            makePixels({1, 1, 1}, {60}));
  // Each target pixel covers one and a half source pixels.
  EXPECT_EQ(expectValue(resizeImage(image, 1, 2, ResizeFilter::Area)),
            makePixels({1, 2, 1}, {20, 100}));
}

TEST(Image, FlatColourStaysFlat) {
  Tensor image = makePixels({1, 1, 3}, {255, 128, 1});
  Tensor big = expectValue(resizeImage(image, 37, 41));
  for (ResizeFilter filter : {ResizeFilter::Bilinear, ResizeFilter::Area}) {
    Tensor other = expectValue(resizeImage(big, 13, 29, filter));
    EXPECT_EQ(expectValue(resizeImage(other, 1, 1, filter)), image);
  }
}

TEST(Image, KeepsTheAspectRatio) {
  Tensor wide = makePixels({1, 4}, {0, 100, 200, 255});
  EXPECT_EQ(expectValue(resizeImage(wide, 1, 2, ResizeFilter::Bilinear, true)),
            makePixels({1, 2, 1}, {100, 200}));
  EXPECT_EQ(expectValue(resizeImage(wide, 1, 1, ResizeFilter::Area, true)),
            makePixels({1, 1, 1}, {100}));
}

TEST(Image, ResizeChecksSizes) {
  Tensor image = makePixels({1, 1}, {1});
  expectError(resizeImage(image, 0, 5), ExitCode::Usage, "empty");
  expectError(resizeImage(image, -1, 5), ExitCode::Usage, "empty");
  expectError(resizeImage(image, 1, 100000), ExitCode::Limit, "limit");
  expectError(resizeImage(image, 60000, 60000), ExitCode::Limit, "limit");
}
