//===- CompressWeights.cpp - Smaller weights for a model ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/CompressWeights.h"
#include "EncodeWeights.h"
#include "MLModel/Compression/Float16.h"
#include "MLModel/Support/Errors.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/Regex.h"
#include <atomic>
#include <mutex>
#include <thread>

using namespace mlir;
using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Options and reports
//===----------------------------------------------------------------------===//

static constexpr std::pair<CompressionMethod, StringLiteral> methodNames[] = {
    {CompressionMethod::Linear, "linear"},
    {CompressionMethod::LinearSymmetric, "linear-symmetric"},
    {CompressionMethod::KMeans, "kmeans"},
    {CompressionMethod::Uniform, "uniform"},
    {CompressionMethod::Unique, "unique"},
};

StringRef mlmodel::getMethodName(CompressionMethod method) {
  for (auto [value, name] : methodNames)
    if (value == method)
      return name;
  llvm_unreachable("unknown compression method");
}

std::optional<CompressionMethod> mlmodel::parseMethod(StringRef name) {
  for (auto [value, text] : methodNames)
    if (text == name)
      return value;
  return std::nullopt;
}

uint64_t CompressionReport::getBytesBefore() const {
  uint64_t bytes = 0;
  for (const WeightReport &weight : weights)
    bytes += weight.bytesBefore;
  return bytes;
}

uint64_t CompressionReport::getBytesAfter() const {
  uint64_t bytes = 0;
  for (const WeightReport &weight : weights)
    bytes += weight.bytesAfter;
  return bytes;
}

static Expected<std::vector<llvm::Regex>>
checkOptions(const CompressionOptions &options) {
  unsigned least = 1;
  if (options.method == CompressionMethod::LinearSymmetric)
    least = 2;
  if (options.method == CompressionMethod::Unique)
    least = 0;
  if (options.bits < least || options.bits > 8)
    return makeError(ExitCode::Usage, "bits is " + Twine(options.bits) +
                                          ", expected " + Twine(least) +
                                          " to 8 for " +
                                          getMethodName(options.method));
  std::vector<llvm::Regex> skip;
  for (const std::string &text : options.skip) {
    std::string problem;
    if (!skip.emplace_back(text).isValid(problem))
      return makeError(ExitCode::Usage,
                       "skip: '" + text +
                           "' is not a regular expression: " + problem);
  }
  return skip;
}

//===----------------------------------------------------------------------===//
// Selection
//===----------------------------------------------------------------------===//

namespace {
/// A weight to compress.
struct Task {
  WeightSlot slot;
  WeightLayout layout;
  /// Views the model's bytes, or `decoded`.
  FloatView values;
  std::vector<float> decoded;
  std::vector<char> storage;
  uint64_t bytes = 0;
  std::optional<Expected<EncodedWeights>> result;

  Task(const WeightSlot &slot, const WeightLayout &layout)
      : slot(slot), layout(layout) {}
  Error load();
};
} // namespace

static Error invalid(const WeightSlot &slot, const Twine &what) {
  return makeError(ExitCode::InvalidModel, slot.describe() + " " + what);
}

Error Task::load() {
  WeightsAttr weights = slot.get();
  std::optional<ArrayRef<char>> raw = getRawBytes(weights.getData(), storage);
  if (!raw)
    return invalid(slot, "has no data");
  bytes = raw->size();
  size_t count = layout.getNumElements();
  bool isHalf = getStorage(weights) == WeightStorage::Float16;
  if (raw->size() != count * (isHalf ? 2 : 4))
    return invalid(slot, "has " + Twine(weights.getData().getNumElements()) +
                             " values, expected " +
                             Twine(layout.getNumElements()));
  values = FloatView(raw->data(), count);
  if (isHalf) {
    decoded.resize(count);
    for (size_t i = 0; i != count; ++i) {
      uint16_t half;
      memcpy(&half, raw->data() + 2 * i, sizeof(half));
      decoded[i] = halfToFloat(half);
    }
    values = FloatView(decoded);
  }
  return Error::success();
}

/// Why the weights in \p slot stay as they are, or "".
static std::string getKeepReason(const WeightSlot &slot,
                                 const WeightLayout &layout,
                                 const CompressionOptions &options,
                                 ArrayRef<llvm::Regex> skip) {
  WeightsAttr weights = slot.get();
  WeightStorage storage = getStorage(weights);
  if (storage != WeightStorage::Float32 && storage != WeightStorage::Float16)
    return "quantized already";
  for (const llvm::Regex &regex : skip)
    if (regex.match(slot.getLayerName()))
      return "skipped by name";
  if (weights.getIsUpdatable() && weights.getIsUpdatable().getValue())
    return "updatable";
  int64_t count = weights.getData().getNumElements();
  if (count < options.minElements)
    return ("fewer than " + Twine(options.minElements) + " values").str();
  return "";
}

static Error selectWeights(ModelOp model, const CompressionOptions &options,
                           ArrayRef<llvm::Regex> skip,
                           std::vector<std::unique_ptr<Task>> &tasks,
                           CompressionReport &report) {
  Error error = Error::success();
  model.walk([&](LayerOpInterface layer) {
    for (const WeightSlot &slot : WeightSlot::findAll(layer)) {
      std::optional<WeightLayout> layout = getCompressibleLayout(slot);
      if (!layout || (layout->isVector && !options.vectors) ||
          slot.get().getData().getNumElements() == 0)
        continue;
      std::string reason = getKeepReason(slot, *layout, options, skip);
      if (!reason.empty()) {
        report.skipped.push_back({slot.getLayerName().str(),
                                  slot.getLayerKind().str(), slot.getField(),
                                  reason});
        continue;
      }
      tasks.push_back(std::make_unique<Task>(slot, *layout));
      if ((error = tasks.back()->load()))
        return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return error;
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

namespace {
/// Encodes all tasks on several threads. The largest come first, so that no
/// thread is left with a large one at the end.
class Encoder {
public:
  Encoder(ArrayRef<std::unique_ptr<Task>> tasks,
          const CompressionOptions &options, const ProgressCallback &progress)
      : options(options), progress(progress) {
    for (const std::unique_ptr<Task> &task : tasks) {
      order.push_back(task.get());
      totals.totalWork += task->values.size();
    }
    totals.totalItems = order.size();
    llvm::stable_sort(order, [](const Task *a, const Task *b) {
      return a->values.size() > b->values.size();
    });
  }

  void run() {
    size_t count =
        options.threads ? options.threads : std::thread::hardware_concurrency();
    count = std::clamp<size_t>(count, 1, std::max<size_t>(order.size(), 1));
    std::vector<std::thread> threads;
    for (size_t i = 1; i < count; ++i)
      threads.emplace_back([this] { work(); });
    work();
    for (std::thread &thread : threads)
      thread.join();
  }

private:
  void work() {
    for (size_t i = next++; i < order.size(); i = next++) {
      Task &task = *order[i];
      tell(task.slot.getLayerName(), 0);
      task.result.emplace(encodeWeights(task.values, task.layout, options));
      tell("", task.values.size());
    }
  }
  void tell(StringRef begun, uint64_t finished) {
    if (!progress)
      return;
    std::lock_guard<std::mutex> lock(mutex);
    CompressionProgress event = totals;
    event.begun = begun.str();
    event.finished = finished;
    progress(event);
  }

  const CompressionOptions &options;
  const ProgressCallback &progress;
  CompressionProgress totals;
  std::vector<Task *> order;
  std::atomic<size_t> next{0};
  std::mutex mutex;
};
} // namespace

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

ElementsAttr mlmodel::makePayload(Type elementType, StringRef name,
                                  std::vector<uint8_t> bytes) {
  int64_t width = elementType.getIntOrFloatBitWidth() / 8;
  auto type = RankedTensorType::get(
      {static_cast<int64_t>(bytes.size()) / width}, elementType);
  auto owner = std::make_shared<std::vector<uint8_t>>(std::move(bytes));
  ArrayRef<char> data(reinterpret_cast<const char *>(owner->data()),
                      owner->size());
  AsmResourceBlob blob(
      data, /*dataAlignment=*/1,
      [owner](void *, size_t, size_t) mutable { owner.reset(); },
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}

static WeightsAttr makeWeights(const WeightSlot &slot,
                               EncodedWeights &encoded) {
  MLIRContext *context = slot.getLayer()->getContext();
  Builder b(context);
  Attribute quantization;
  if (encoded.table.empty())
    quantization = LinearQuantizationAttr::get(
        context, encoded.bits, b.getDenseF32ArrayAttr(encoded.scale),
        b.getDenseF32ArrayAttr(encoded.bias));
  else
    quantization = LookupTableAttr::get(context, encoded.bits,
                                        b.getDenseF32ArrayAttr(encoded.table));
  std::string name = (slot.getLayerName() + "." + slot.getField()).str();
  ElementsAttr data = makePayload(b.getIntegerType(8, /*isSigned=*/false), name,
                                  std::move(encoded.packed));
  return WeightsAttr::get(context, data, quantization,
                          slot.get().getIsUpdatable());
}

/// Quantized weights are of version 3; so are the pipelines around.
static void raiseVersion(Operation *layer) {
  for (auto model = layer->getParentOfType<ModelOp>(); model;
       model = model->getParentOfType<ModelOp>())
    if (model.getSpecificationVersion() < 3)
      model.setSpecificationVersion(3);
}

static WeightReport makeReport(const Task &task, const EncodedWeights &encoded,
                               const CompressionOptions &options) {
  WeightReport report;
  report.op = task.slot.getLayer();
  report.layer = task.slot.getLayerName().str();
  report.kind = task.slot.getLayerKind().str();
  report.field = task.slot.getField();
  report.shape.assign(task.layout.shape.begin(), task.layout.shape.end());
  report.method = options.method;
  report.bits = encoded.bits;
  report.bytesBefore = task.bytes;
  report.bytesAfter = encoded.getBytes();
  report.error = encoded.error;
  report.certificate = encoded.certificate;
  return report;
}

/// Puts the result of \p task into the model, unless the weight stays.
static void applyResult(Task &task, const CompressionOptions &options,
                        CompressionReport &report) {
  EncodedWeights &encoded = **task.result;
  if (encoded.keepReason.empty() && encoded.getBytes() >= task.bytes)
    encoded.keepReason = "would not get smaller";
  if (!encoded.keepReason.empty()) {
    report.skipped.push_back({task.slot.getLayerName().str(),
                              task.slot.getLayerKind().str(),
                              task.slot.getField(), encoded.keepReason});
    return;
  }
  report.weights.push_back(makeReport(task, encoded, options));
  task.slot.set(makeWeights(task.slot, encoded));
  raiseVersion(task.slot.getLayer());
}

/// The first error in the order of the layers.
static Error takeErrors(ArrayRef<std::unique_ptr<Task>> tasks) {
  Error first = Error::success();
  for (const std::unique_ptr<Task> &task : tasks) {
    if (*task->result)
      continue;
    Error error = task->result->takeError();
    if (first)
      llvm::consumeError(std::move(error));
    else
      first = makeError(ExitCode::InvalidModel,
                        task->slot.describe() + ": " +
                            llvm::toString(std::move(error)));
  }
  return first;
}

Expected<CompressionReport>
mlmodel::compressWeights(ModelOp model, const CompressionOptions &options,
                         const ProgressCallback &progress) {
  Expected<std::vector<llvm::Regex>> skip = checkOptions(options);
  if (!skip)
    return skip.takeError();
  CompressionReport report;
  std::vector<std::unique_ptr<Task>> tasks;
  if (Error error = selectWeights(model, options, *skip, tasks, report))
    return std::move(error);
  Encoder(tasks, options, progress).run();
  if (Error error = takeErrors(tasks))
    return std::move(error);
  for (const std::unique_ptr<Task> &task : tasks)
    applyResult(*task, options, report);
  return report;
}
