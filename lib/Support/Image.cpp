//===- Image.cpp - Image files and simple image operations ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Image.h"
#include "ImageCodecs.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace llvm;

namespace mlmodel {

//===----------------------------------------------------------------------===//
// Images as tensors
//===----------------------------------------------------------------------===//

static bool isWithinLimits(int64_t height, int64_t width) {
  return height <= maxImageSide && width <= maxImageSide &&
         height * width <= maxImagePixels;
}

Error checkImageSize(int64_t height, int64_t width) {
  if (height < 1 || width < 1)
    return makeError(ExitCode::Usage, "an image of " + Twine(height) + "x" +
                                          Twine(width) + " pixels is empty");
  if (!isWithinLimits(height, width))
    return makeError(ExitCode::Limit,
                     "an image of " + Twine(height) + "x" + Twine(width) +
                         " pixels is above the limit of " +
                         Twine(maxImagePixels) + " pixels or " +
                         Twine(maxImageSide) + " along one side");
  return Error::success();
}

Expected<Tensor> createImage(int64_t height, int64_t width, int64_t channels) {
  if (Error error = checkImageSize(height, width))
    return std::move(error);
  return Tensor::createUninitialized(ElementType::UInt8,
                                     {height, width, channels});
}

Error checkImage(const Tensor &image) {
  bool isImage = image.type() == ElementType::UInt8 && image.size() > 0 &&
                 (image.rank() == 2 || image.rank() == 3);
  if (isImage) {
    int64_t channels = channelsOf(image);
    isImage = channels == 1 || channels == 3 || channels == 4;
  }
  if (isImage && isWithinLimits(image.shape()[0], image.shape()[1]))
    return Error::success();
  return makeError(ExitCode::Usage,
                   "expected an image, uint8 HxW or HxWx1, x3 or x4, not " +
                       elementTypeName(image.type()) + " " +
                       shapeToString(image.shape()));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static Expected<Tensor> decodeAsStored(ArrayRef<uint8_t> bytes) {
  StringRef text = toStringRef(bytes);
  if (text.starts_with("\x89PNG\r\n\x1A\n"))
    return decodePNG(bytes);
  if (text.starts_with("\xFF\xD8\xFF"))
    return decodeJPEG(bytes);
  return makeError(ExitCode::IO, "neither a PNG nor a JPEG file");
}

Expected<Tensor> decodeImage(ArrayRef<uint8_t> bytes, StringRef name,
                             PixelFormat format) {
  Expected<Tensor> image = decodeAsStored(bytes);
  if (!image)
    return addContext(name, image.takeError());
  return convertPixels(*image, format);
}

Expected<Tensor> readImageFile(StringRef path, PixelFormat format) {
  Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return decodeImage((*file)->bytes(), path, format);
}

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

static int64_t channelsFor(PixelFormat format, int64_t stored) {
  switch (format) {
  case PixelFormat::AsStored:
    return stored;
  case PixelFormat::Gray:
    return 1;
  case PixelFormat::RGB:
    return 3;
  case PixelFormat::RGBA:
    return 4;
  }
  llvm_unreachable("unknown pixel format");
}

/// The BT.601 weights in units of 1/65536; they add up to exactly one, so
/// white stays white.
static uint8_t luma(const uint8_t *rgb) {
  constexpr uint32_t red = 19595, green = 38470, blue = 7471;
  static_assert(red + green + blue == 65536, "weights must add up to one");
  uint32_t sum = red * rgb[0] + green * rgb[1] + blue * rgb[2];
  return static_cast<uint8_t>((sum + 32768) >> 16);
}

static void convertPixel(const uint8_t *from, int64_t fromChannels, uint8_t *to,
                         int64_t toChannels) {
  if (toChannels == 1) {
    *to = luma(from);
    return;
  }
  for (int64_t channel = 0; channel < 3; ++channel)
    to[channel] = fromChannels == 1 ? from[0] : from[channel];
  if (toChannels == 4)
    to[3] = 255;
}

Expected<Tensor> convertPixels(const Tensor &image, PixelFormat format) {
  if (Error error = checkImage(image))
    return std::move(error);
  int64_t height = image.shape()[0], width = image.shape()[1];
  int64_t fromChannels = channelsOf(image);
  int64_t toChannels = channelsFor(format, fromChannels);
  Expected<Tensor> result = createImage(height, width, toChannels);
  if (!result)
    return result;
  const uint8_t *from = image.bytes().data();
  uint8_t *to = result->mutableBytes().data();
  if (fromChannels == toChannels) {
    std::memcpy(to, from, image.bytes().size());
    return result;
  }
  for (int64_t i = 0, e = height * width; i != e; ++i)
    convertPixel(from + i * fromChannels, fromChannels, to + i * toChannels,
                 toChannels);
  return result;
}

//===----------------------------------------------------------------------===//
// Cropping and scaling
//===----------------------------------------------------------------------===//

Expected<Tensor> cropCenter(const Tensor &image, int64_t height,
                            int64_t width) {
  if (Error error = checkImage(image))
    return std::move(error);
  int64_t fullHeight = image.shape()[0], fullWidth = image.shape()[1];
  if (height > fullHeight || width > fullWidth)
    return makeError(ExitCode::Usage, "cannot crop " + Twine(fullHeight) + "x" +
                                          Twine(fullWidth) + " pixels to " +
                                          Twine(height) + "x" + Twine(width));
  int64_t channels = channelsOf(image);
  Expected<Tensor> result = createImage(height, width, channels);
  if (!result)
    return result;
  int64_t top = (fullHeight - height) / 2, left = (fullWidth - width) / 2;
  for (int64_t row = 0; row < height; ++row)
    std::memcpy(result->mutableBytes().data() + row * width * channels,
                image.bytes().data() +
                    ((top + row) * fullWidth + left) * channels,
                static_cast<size_t>(width * channels));
  return result;
}

namespace {

/// The source pixels along one axis that make up one target pixel.
struct Taps {
  int64_t first;
  SmallVector<float, 2> weights;
};

} // namespace

static Taps bilinearTaps(double position, int64_t size) {
  double clamped = std::clamp(position, 0.0, static_cast<double>(size - 1));
  int64_t first = static_cast<int64_t>(clamped);
  float fraction = static_cast<float>(clamped - static_cast<double>(first));
  if (fraction == 0)
    return {first, {1.f}};
  return {first, {1.f - fraction, fraction}};
}

static Taps areaTaps(double begin, double end, int64_t size) {
  int64_t first = std::clamp<int64_t>(static_cast<int64_t>(begin), 0, size - 1);
  int64_t last = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(end)),
                                     first + 1, size);
  Taps taps{first, {}};
  for (int64_t i = first; i < last; ++i) {
    double low = std::max(begin, static_cast<double>(i));
    double high = std::min(end, static_cast<double>(i + 1));
    taps.weights.push_back(
        static_cast<float>(std::max(0.0, high - low) / (end - begin)));
  }
  return taps;
}

static std::vector<Taps> makeTaps(int64_t from, int64_t to,
                                  ResizeFilter filter) {
  std::vector<Taps> result;
  double scale = static_cast<double>(from) / static_cast<double>(to);
  for (int64_t i = 0; i < to; ++i) {
    double at = static_cast<double>(i);
    result.push_back(filter == ResizeFilter::Bilinear
                         ? bilinearTaps((at + 0.5) * scale - 0.5, from)
                         : areaTaps(at * scale, (at + 1) * scale, from));
  }
  return result;
}

/// Scales one row of pixels along its width.
static void scaleRow(const uint8_t *from, ArrayRef<Taps> columns,
                     int64_t channels, float *to) {
  for (const Taps &taps : columns)
    for (int64_t channel = 0; channel < channels; ++channel) {
      const uint8_t *source = from + taps.first * channels + channel;
      float sum = 0;
      for (float weight : taps.weights) {
        sum += weight * *source;
        source += channels;
      }
      *to++ = sum;
    }
}

static void scale(const Tensor &image, ResizeFilter filter, Tensor &result) {
  int64_t channels = channelsOf(image), fullWidth = image.shape()[1];
  std::vector<Taps> columns = makeTaps(fullWidth, result.shape()[1], filter);
  std::vector<Taps> rows =
      makeTaps(image.shape()[0], result.shape()[0], filter);
  size_t stride = static_cast<size_t>(result.shape()[1] * channels);
  std::vector<float> row(stride), sum(stride);
  uint8_t *to = result.mutableBytes().data();
  for (const Taps &taps : rows) {
    std::fill(sum.begin(), sum.end(), 0.f);
    for (size_t i = 0; i < taps.weights.size(); ++i) {
      int64_t source = taps.first + static_cast<int64_t>(i);
      scaleRow(image.bytes().data() + source * fullWidth * channels, columns,
               channels, row.data());
      for (size_t j = 0; j < stride; ++j)
        sum[j] += taps.weights[i] * row[j];
    }
    for (float value : sum)
      *to++ = static_cast<uint8_t>(std::clamp(value + 0.5f, 0.f, 255.f));
  }
}

/// Crops to the aspect ratio of the target, at least one pixel each way.
static Expected<Tensor> cropToAspect(const Tensor &image, int64_t height,
                                     int64_t width) {
  int64_t fullHeight = image.shape()[0], fullWidth = image.shape()[1];
  double ratio = std::min(static_cast<double>(fullHeight) / height,
                          static_cast<double>(fullWidth) / width);
  auto fit = [ratio](int64_t target, int64_t full) {
    return std::clamp<int64_t>(std::llround(target * ratio), 1, full);
  };
  return cropCenter(image, fit(height, fullHeight), fit(width, fullWidth));
}

Expected<Tensor> resizeImage(const Tensor &image, int64_t height, int64_t width,
                             ResizeFilter filter, bool keepAspect) {
  if (Error error = checkImage(image))
    return std::move(error);
  Expected<Tensor> result = createImage(height, width, channelsOf(image));
  if (!result)
    return result;
  if (!keepAspect) {
    scale(image, filter, *result);
    return result;
  }
  Expected<Tensor> cropped = cropToAspect(image, height, width);
  if (!cropped)
    return cropped;
  scale(*cropped, filter, *result);
  return result;
}

} // namespace mlmodel
